// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
`default_nettype none

// The array: ROWS x COLUMNS weight-stationary elements with input skew and output deskew. A vector (one term a row) enters
// with `vector_valid`; the first vector of a tile carries `tile_first`, and from that clock on the tile's weights enter on
// `weight_row`, row 0 first, one row a clock. The wave of new weights runs along the diagonal with the first vector, so
// that tiles follow one another without a bubble every max(ROWS, vectors) clocks and no weight is stored twice.
// Partial sums of a vector leave aligned ROWS + COLUMNS clocks after it entered.
module systolic_array #(
    parameter int unsigned ROWS = 8,
    parameter int unsigned COLUMNS = 8,
    parameter bit COUNT_ACTIVITY = 1'b0
) (
    input  wire logic                  clock,
    input  wire logic                  reset,
    input  wire logic                  enable,
    input  wire logic                  vector_valid,
    input  wire logic                  tile_first,
    input  wire logic [8*ROWS-1:0]     vector,
    input  wire logic                  weight_valid,
    input  wire logic [8*COLUMNS-1:0]  weight_row,
    output logic                       sums_valid_early,
    output logic                       sums_valid,
    output logic      [32*COLUMNS-1:0] sums,
    output logic      [31:0]           weight_written,
    output logic      [31:0]           weight_toggled,
    output logic      [31:0]           activation_written,
    output logic      [31:0]           activation_toggled,
    output logic      [31:0]           partial_sum_written,
    output logic      [31:0]           partial_sum_toggled,
    output logic      [31:0]           pipeline_written,
    output logic      [31:0]           pipeline_toggled,
    output logic      [31:0]           multiplications,
    output logic      [31:0]           additions
);
  // valid and load of every element, tile_first of every row, valid bits of the three skews, valid at the bottom
  localparam int unsigned CONTROL_BITS = 2 * ROWS * COLUMNS + (ROWS - 1) + (ROWS - 1) + 2 * (COLUMNS - 1) + 1;

  logic [ROWS-1:0] row_valid, row_first;
  logic [ROWS-1:1] first_q;
  logic [8*ROWS-1:0] row_activation;
  logic [COLUMNS-1:0] weight_bus_valid;
  logic [8*COLUMNS-1:0] weight_bus;
  logic bottom_valid_q, bottom_valid_d;
  logic [15:0] skew_written, skew_toggled, skew_control, weight_skew_written, weight_skew_toggled, weight_skew_control;
  logic [15:0] deskew_written, deskew_toggled, deskew_control;

  skew #(.LANES(ROWS), .WIDTH(8), .COUNT_ACTIVITY(COUNT_ACTIVITY)) activation_skew (
      .clock, .reset, .enable, .valid(vector_valid), .data(vector), .valid_out(row_valid), .data_out(row_activation),
      .written(skew_written), .toggled(skew_toggled), .control_toggled(skew_control));

  skew #(.LANES(COLUMNS), .WIDTH(8), .COUNT_ACTIVITY(COUNT_ACTIVITY)) weight_skew (
      .clock, .reset, .enable, .valid(weight_valid), .data(weight_row), .valid_out(weight_bus_valid),
      .data_out(weight_bus), .written(weight_skew_written), .toggled(weight_skew_toggled),
      .control_toggled(weight_skew_control));

  assign row_first = {first_q, tile_first && vector_valid};
  always_ff @(posedge clock) begin
    if (reset) begin
      first_q <= '0;
      bottom_valid_q <= 1'b0;
    end else if (enable) begin
      first_q <= row_first[ROWS-2:0];
      bottom_valid_q <= bottom_valid_d;
    end
  end

  generate
    for (genvar r = 0; r < ROWS; r++) begin : g_row
      logic [32*COLUMNS-1:0] partial_sum;
      logic first_column_valid;
      logic [31:0] w_written, w_toggled, a_written, a_toggled, p_written, p_toggled, c_toggled, multiplied, added;
      wire logic [32*COLUMNS-1:0] from_above;
      // running sums over rows
      logic [31:0] w_written_sum, w_toggled_sum, a_written_sum, a_toggled_sum, p_written_sum, p_toggled_sum;
      logic [31:0] c_toggled_sum, multiplied_sum, added_sum;

      processing_row #(.COLUMNS(COLUMNS), .COUNT_ACTIVITY(COUNT_ACTIVITY)) row (
          .clock, .reset, .enable, .valid_in(row_valid[r]), .load_in(row_first[r]),
          .activation_in(row_activation[8*r+:8]), .weight_bus, .partial_sum_in(from_above),
          .partial_sum_q(partial_sum), .first_column_valid,
          .weight_written(w_written), .weight_toggled(w_toggled), .activation_written(a_written),
          .activation_toggled(a_toggled), .partial_sum_written(p_written), .partial_sum_toggled(p_toggled),
          .control_toggled(c_toggled), .multiplications(multiplied), .additions(added));

      if (r == 0) begin : g_top
        assign from_above = '0;
        assign w_written_sum = w_written;
        assign w_toggled_sum = w_toggled;
        assign a_written_sum = a_written;
        assign a_toggled_sum = a_toggled;
        assign p_written_sum = p_written;
        assign p_toggled_sum = p_toggled;
        assign c_toggled_sum = c_toggled;
        assign multiplied_sum = multiplied;
        assign added_sum = added;
      end else begin : g_below
        assign from_above = g_row[r-1].partial_sum;
        assign w_written_sum = g_row[r-1].w_written_sum + w_written;
        assign w_toggled_sum = g_row[r-1].w_toggled_sum + w_toggled;
        assign a_written_sum = g_row[r-1].a_written_sum + a_written;
        assign a_toggled_sum = g_row[r-1].a_toggled_sum + a_toggled;
        assign p_written_sum = g_row[r-1].p_written_sum + p_written;
        assign p_toggled_sum = g_row[r-1].p_toggled_sum + p_toggled;
        assign c_toggled_sum = g_row[r-1].c_toggled_sum + c_toggled;
        assign multiplied_sum = g_row[r-1].multiplied_sum + multiplied;
        assign added_sum = g_row[r-1].added_sum + added;
      end
    end
  endgenerate

  assign bottom_valid_d = g_row[ROWS-1].first_column_valid;

  deskew #(.LANES(COLUMNS), .WIDTH(32), .COUNT_ACTIVITY(COUNT_ACTIVITY)) output_deskew (
      .clock, .reset, .enable, .valid(bottom_valid_q), .data(g_row[ROWS-1].partial_sum),
      .valid_early(sums_valid_early), .valid_out(sums_valid), .data_out(sums), .written(deskew_written),
      .toggled(deskew_toggled), .control_toggled(deskew_control));

  generate
    if (COUNT_ACTIVITY) begin : g_count
      wire logic [15:0] first_toggled = 16'($countones(first_q ^ row_first[ROWS-2:0]));
      wire logic [31:0] row_control = 32'(first_toggled) + {31'd0, bottom_valid_d ^ bottom_valid_q}
                                      + g_row[ROWS-1].c_toggled_sum;
      wire logic unused_valid = &{1'b0, weight_bus_valid};
      assign weight_written = enable ? g_row[ROWS-1].w_written_sum + 32'(weight_skew_written) : '0;
      assign weight_toggled = enable ? g_row[ROWS-1].w_toggled_sum + 32'(weight_skew_toggled) : '0;
      assign activation_written = enable ? g_row[ROWS-1].a_written_sum + 32'(skew_written) : '0;
      assign activation_toggled = enable ? g_row[ROWS-1].a_toggled_sum + 32'(skew_toggled) : '0;
      assign partial_sum_written = enable ? g_row[ROWS-1].p_written_sum : '0;
      assign partial_sum_toggled = enable ? g_row[ROWS-1].p_toggled_sum : '0;
      assign pipeline_written = enable ? CONTROL_BITS + 32'(deskew_written) : '0;
      assign pipeline_toggled = enable ? row_control + 32'(skew_control) + 32'(weight_skew_control)
                                         + 32'(deskew_control) + 32'(deskew_toggled) : '0;
      assign multiplications = enable ? g_row[ROWS-1].multiplied_sum : '0;
      assign additions = enable ? g_row[ROWS-1].added_sum : '0;
    end else begin : g_no_count
      wire logic unused_counts = &{1'b0, weight_bus_valid, skew_written, skew_toggled, skew_control, weight_skew_written,
                                   weight_skew_toggled, weight_skew_control, deskew_written, deskew_toggled,
                                   deskew_control, g_row[ROWS-1].w_written_sum, g_row[ROWS-1].w_toggled_sum,
                                   g_row[ROWS-1].a_written_sum, g_row[ROWS-1].a_toggled_sum,
                                   g_row[ROWS-1].p_written_sum, g_row[ROWS-1].p_toggled_sum,
                                   g_row[ROWS-1].c_toggled_sum, g_row[ROWS-1].multiplied_sum,
                                   g_row[ROWS-1].added_sum, CONTROL_BITS};
      assign {weight_written, weight_toggled, activation_written, activation_toggled, partial_sum_written,
              partial_sum_toggled, pipeline_written, pipeline_toggled, multiplications, additions} = '0;
    end
  endgenerate
endmodule

`default_nettype wire
