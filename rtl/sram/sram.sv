// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
`default_nettype none

// Synchronous memory with one read and one write port. Read data appear after the clock edge and stay until the next
// read (the macro's output latch). A read of the address being written yields the old word.
module sram #(
    parameter int unsigned WIDTH = 64,
    parameter int unsigned DEPTH = 1024,
    parameter bit COUNT_ACTIVITY = 1'b0
) (
    input  wire logic                     clock,
    input  wire logic                     reset,
    input  wire logic                     read_enable,
    input  wire logic [$clog2(DEPTH)-1:0] read_address,
    output logic      [WIDTH-1:0]         read_data,
    input  wire logic                     write_enable,
    input  wire logic [$clog2(DEPTH)-1:0] write_address,
    input  wire logic [WIDTH-1:0]         write_data,
    output logic      [63:0]              reads,
    output logic      [63:0]              writes
);
  logic [WIDTH-1:0] memory[DEPTH];

  always_ff @(posedge clock) begin
    if (read_enable) read_data <= memory[read_address];
    if (write_enable) memory[write_address] <= write_data;
  end

  generate
    if (COUNT_ACTIVITY) begin : g_count
      always_ff @(posedge clock) begin
        if (reset) begin
          reads <= '0;
          writes <= '0;
        end else begin
          if (read_enable) reads <= reads + 64'd1;
          if (write_enable) writes <= writes + 64'd1;
        end
      end
    end else begin : g_no_count
      wire logic unused_reset = reset;
      assign reads = '0;
      assign writes = '0;
    end
  endgenerate
endmodule

`default_nettype wire
