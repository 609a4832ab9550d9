// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
`default_nettype none

// Delays lane i of a vector by i clocks: a triangle of registers. Stage i holds lanes i and above and is clocked only
// while a valid vector passes it. valid_out[i] is `valid` delayed by i.
module skew #(
    parameter int unsigned LANES = 8,
    parameter int unsigned WIDTH = 8,
    parameter bit COUNT_ACTIVITY = 1'b0
) (
    input  wire logic                   clock,
    input  wire logic                   reset,
    input  wire logic                   enable,
    input  wire logic                   valid,
    input  wire logic [LANES*WIDTH-1:0] data,
    output logic      [LANES-1:0]       valid_out,
    output logic      [LANES*WIDTH-1:0] data_out,
    output logic      [15:0]            written,
    output logic      [15:0]            toggled,
    output logic      [15:0]            control_toggled
);
  logic [LANES-1:1] valid_q;

  assign valid_out = {valid_q, valid};
  assign data_out[WIDTH-1:0] = data[WIDTH-1:0];

  always_ff @(posedge clock) begin
    if (reset) valid_q <= '0;
    else if (enable) valid_q <= valid_out[LANES-2:0];
  end

  generate
    for (genvar i = 0; i < LANES; i++) begin : g_stage
      logic [(LANES-i)*WIDTH-1:0] held;
      logic [15:0] stage_written, stage_toggled;
      if (i == 0) begin : g_input
        assign held = data;
        assign stage_written = '0;
        assign stage_toggled = '0;
      end else begin : g_register
        wire logic [(LANES-i)*WIDTH-1:0] next = g_stage[i-1].held[(LANES-i+1)*WIDTH-1:WIDTH];
        wire logic take = enable && valid_out[i-1];
        always_ff @(posedge clock) if (take) held <= next;
        assign data_out[i*WIDTH+:WIDTH] = held[WIDTH-1:0];
        if (COUNT_ACTIVITY) begin : g_count
          always_comb begin
            stage_written = g_stage[i-1].stage_written;
            stage_toggled = g_stage[i-1].stage_toggled;
            if (take) begin
              stage_written = stage_written + 16'((LANES - i) * WIDTH);
              stage_toggled = stage_toggled + 16'($countones(next ^ held));
            end
          end
        end else begin : g_no_count
          assign stage_written = '0;
          assign stage_toggled = '0;
        end
      end
    end
  endgenerate

  assign written = g_stage[LANES-1].stage_written;
  assign toggled = g_stage[LANES-1].stage_toggled;
  assign control_toggled = 16'($countones((valid_q ^ valid_out[LANES-2:0]) & {LANES - 1{enable && COUNT_ACTIVITY}}));
endmodule

`default_nettype wire
