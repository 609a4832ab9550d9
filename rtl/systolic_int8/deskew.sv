// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
`default_nettype none

// Aligns lanes of which lane i is valid i clocks after lane 0: stage i holds lanes 0 to i - 1 and is clocked only while a
// valid vector passes it. `valid` belongs to lane 0; `valid_early` is one clock ahead of the aligned output, `valid_out`
// with it.
module deskew #(
    parameter int unsigned LANES = 8,
    parameter int unsigned WIDTH = 32,
    parameter bit COUNT_ACTIVITY = 1'b0
) (
    input  wire logic                   clock,
    input  wire logic                   reset,
    input  wire logic                   enable,
    input  wire logic                   valid,
    input  wire logic [LANES*WIDTH-1:0] data,
    output logic                        valid_early,
    output logic                        valid_out,
    output logic      [LANES*WIDTH-1:0] data_out,
    output logic      [15:0]            written,
    output logic      [15:0]            toggled,
    output logic      [15:0]            control_toggled
);
  logic [LANES-1:1] valid_q;
  logic [LANES-1:0] valid_chain;

  assign valid_chain = {valid_q, valid};
  assign valid_early = valid_chain[LANES-2];
  assign valid_out = valid_chain[LANES-1];

  always_ff @(posedge clock) begin
    if (reset) valid_q <= '0;
    else if (enable) valid_q <= valid_chain[LANES-2:0];
  end

  generate
    for (genvar i = 1; i < LANES; i++) begin : g_stage
      logic [i*WIDTH-1:0] held;
      logic [15:0] stage_written, stage_toggled;
      wire logic [i*WIDTH-1:0] next;
      wire logic take = enable && valid_chain[i-1];
      always_ff @(posedge clock) if (take) held <= next;
      wire logic [15:0] written_before, toggled_before;
      if (i == 1) begin : g_first
        assign next = data[WIDTH-1:0];
        assign written_before = '0;
        assign toggled_before = '0;
      end else begin : g_further
        assign next = {data[(i-1)*WIDTH+:WIDTH], g_stage[i-1].held};
        assign written_before = g_stage[i-1].stage_written;
        assign toggled_before = g_stage[i-1].stage_toggled;
      end
      always_comb begin
        stage_written = written_before;
        stage_toggled = toggled_before;
        if (take && COUNT_ACTIVITY) begin
          stage_written = stage_written + 16'(i * WIDTH);
          stage_toggled = stage_toggled + 16'($countones(next ^ held));
        end
      end
    end
  endgenerate

  assign data_out = {data[(LANES-1)*WIDTH+:WIDTH], g_stage[LANES-1].held};
  assign written = g_stage[LANES-1].stage_written;
  assign toggled = g_stage[LANES-1].stage_toggled;
  assign control_toggled = 16'($countones((valid_q ^ valid_chain[LANES-2:0]) & {LANES - 1{enable && COUNT_ACTIVITY}}));
endmodule

`default_nettype wire
