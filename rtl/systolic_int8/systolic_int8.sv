// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
`default_nettype none

// Weight-stationary int8 systolic core behind the stream interface in step: it takes every beat at once, row r of a tile's
// weights r clocks after the tile's first vector, and says one clock ahead that sums come.
module systolic_int8 #(
    parameter int unsigned ROWS = 8,
    parameter int unsigned COLUMNS = 8,
    parameter bit COUNT_ACTIVITY = 1'b0,
    localparam int unsigned WORD = 8
) (
    output logic sums_valid_early,
    `include "stream_core_ports.svh"
);
  logic [31:0] weight_written, weight_toggled, activation_written, activation_toggled, partial_sum_written, partial_sum_toggled;
  logic [31:0] pipeline_written, pipeline_toggled, multiplications, additions;
  wire logic unused = &{1'b0, vector_last, sums_ready};

  assign weight_ready = 1'b1;
  assign vector_ready = 1'b1;
  assign register_bits = 32'(50 * ROWS * COLUMNS + 8 * (ROWS * (ROWS - 1) / 2 + COLUMNS * (COLUMNS - 1) / 2)
                             + 32 * COLUMNS * (COLUMNS - 1) / 2 + 2 * (ROWS - 1) + 2 * (COLUMNS - 1) + 1);

  systolic_array #(.ROWS(ROWS), .COLUMNS(COLUMNS), .COUNT_ACTIVITY(COUNT_ACTIVITY)) array (
      .clock, .reset, .enable, .vector_valid, .tile_first(vector_first), .vector, .weight_valid, .weight_row,
      .sums_valid_early, .sums_valid, .sums, .weight_written, .weight_toggled, .activation_written, .activation_toggled,
      .partial_sum_written, .partial_sum_toggled, .pipeline_written, .pipeline_toggled, .multiplications, .additions);
  assign activity = {additions, multiplications, pipeline_toggled, pipeline_written, partial_sum_toggled, partial_sum_written,
                     activation_toggled, activation_written, weight_toggled, weight_written};
endmodule

`default_nettype wire
