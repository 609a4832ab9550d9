// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
`default_nettype none

// Weight-stationary int8 systolic core behind the stream interface in step: it takes every beat at once, row r of a tile's
// weights r clocks after the tile's first vector, and says one clock ahead that sums come.
module systolic_int8 #(
    parameter int unsigned ROWS = 8,
    parameter int unsigned COLUMNS = 8,
    parameter bit COUNT_ACTIVITY = 1'b0
) (
    input  wire logic                  clock,
    input  wire logic                  reset,
    input  wire logic                  enable,
    input  wire logic                  weight_valid,
    input  wire logic [8*COLUMNS-1:0]  weight_row,
    output logic                       weight_ready,
    input  wire logic                  vector_valid,
    input  wire logic                  vector_first,
    input  wire logic                  vector_last,
    input  wire logic [8*ROWS-1:0]     vector,
    output logic                       vector_ready,
    output logic                       sums_valid_early,
    output logic                       sums_valid,
    output logic      [32*COLUMNS-1:0] sums,
    input  wire logic                  sums_ready,
    output logic      [10*32-1:0]      activity,
    output logic      [31:0]           register_bits
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
