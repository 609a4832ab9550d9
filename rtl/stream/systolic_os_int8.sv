// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
`default_nettype none

// Output-stationary systolic core: element (r, c) adds up output c of vector r of a block while activations move right and
// weights down, one element a clock. A beat is one term: ROWS activations, one a vector, and a row of weights. After the last
// beat of a block has crossed the array, the sums shift up and leave row by row; beats wait meanwhile.
module systolic_os_int8 #(
    parameter int unsigned ROWS = 8,
    parameter int unsigned COLUMNS = 8,
    parameter bit COUNT_ACTIVITY = 1'b0,
    localparam int unsigned WORD = 8
) (
    `include "stream_core_ports.svh"
);
  localparam int unsigned CROSSING = ROWS + COLUMNS - 2;  // clocks from the first element's last beat to the last one's

  logic [7:0] wait_q, wait_d, drain_q, drain_d;  // clocks of crossing left, rows left
  logic open, take, shift;
  logic [ROWS-1:0] valid_lane, first_lane;
  logic [8*ROWS-1:0] activation_lane;
  logic [COLUMNS-1:0] weight_lane_valid;
  logic [8*COLUMNS-1:0] weight_lane;
  logic [15:0] skew_written, skew_toggled, weight_skew_written, weight_skew_toggled, skew_control, weight_skew_control;
  logic [15:0] first_written, first_toggled, first_control;
  logic [ROWS-1:0] first_valid;

  assign register_bits = 32'(50 * ROWS * COLUMNS + 9 * ROWS * (ROWS - 1) / 2 + 8 * COLUMNS * (COLUMNS - 1) / 2
                             + 2 * (ROWS - 1) + COLUMNS - 1 + 16);
  assign open = enable && wait_q == '0 && drain_q == '0;
  assign take = open && weight_valid && vector_valid;
  assign weight_ready = open && vector_valid;
  assign vector_ready = open && weight_valid;
  assign sums_valid = wait_q == '0 && drain_q != '0;
  assign shift = sums_valid && sums_ready;
  assign wait_d = take && vector_last ? 8'(CROSSING) : wait_q != '0 ? wait_q - 8'd1 : wait_q;
  assign drain_d = take && vector_last ? 8'(ROWS) : shift ? drain_q - 8'd1 : drain_q;

  skew #(.LANES(ROWS), .WIDTH(8), .COUNT_ACTIVITY(COUNT_ACTIVITY)) activation_skew (
      .clock, .reset, .enable, .valid(take), .data(vector), .valid_out(valid_lane), .data_out(activation_lane),
      .written(skew_written), .toggled(skew_toggled), .control_toggled(skew_control));
  skew #(.LANES(ROWS), .WIDTH(1), .COUNT_ACTIVITY(COUNT_ACTIVITY)) first_skew (
      .clock, .reset, .enable, .valid(take), .data({ROWS{vector_first}}), .valid_out(first_valid), .data_out(first_lane),
      .written(first_written), .toggled(first_toggled), .control_toggled(first_control));
  skew #(.LANES(COLUMNS), .WIDTH(8), .COUNT_ACTIVITY(COUNT_ACTIVITY)) weight_skew (
      .clock, .reset, .enable, .valid(take), .data(weight_row), .valid_out(weight_lane_valid), .data_out(weight_lane),
      .written(weight_skew_written), .toggled(weight_skew_toggled), .control_toggled(weight_skew_control));
  wire logic unused_valid = &{1'b0, first_valid, weight_lane_valid};

  generate
    for (genvar r = 0; r < ROWS; r++) begin : g_row
      logic [8*COLUMNS-1:0] weights_in, weights_out;
      logic [32*COLUMNS-1:0] sums_in, sums_out;
      logic [8*32-1:0] counts_here, counts;
      if (r == 0) begin : g_top
        assign weights_in = weight_lane;
        assign counts = counts_here;
      end else begin : g_below
        assign weights_in = g_row[r-1].weights_out;
        for (genvar k = 0; k < 8; k++) begin : g_sum
          assign counts[32*k+:32] = g_row[r-1].counts[32*k+:32] + counts_here[32*k+:32];
        end
      end
      if (r == ROWS - 1) begin : g_bottom
        assign sums_in = '0;
      end else begin : g_above
        assign sums_in = g_row[r+1].sums_out;
      end
      accumulating_row #(.COLUMNS(COLUMNS), .COUNT_ACTIVITY(COUNT_ACTIVITY)) row (
          .clock, .reset, .enable, .valid_in(valid_lane[r]), .first_in(first_lane[r]),
          .activation_in(activation_lane[8*r+:8]), .weights_in, .shift, .sums_in, .weight_q(weights_out),
          .sum_q(sums_out), .counts(counts_here));
    end
  endgenerate
  assign sums = g_row[0].sums_out;

  always_ff @(posedge clock) begin
    if (reset) begin
      wait_q <= '0;
      drain_q <= '0;
    end else if (enable) begin
      wait_q <= wait_d;
      drain_q <= drain_d;
    end
  end

  generate
    if (COUNT_ACTIVITY) begin : g_count
      wire logic [8*32-1:0] counts = g_row[ROWS-1].counts;
      wire logic [15:0] control_change = {wait_q, drain_q} ^ {wait_d, drain_d};
      wire logic [31:0] control_toggled = 32'(skew_control) + 32'(weight_skew_control) + 32'(first_control)
                                          + (enable ? {27'd0, 5'($countones(control_change))} : 32'd0);
      // additions, multiplications, control, sums, activations, weights; each toggled above written
      assign activity = {counts[7*32+:32], counts[6*32+:32], counts[4*32+:32] + 32'(first_toggled) + control_toggled,
                         32'(first_written) + (enable ? 32'(2 * ROWS * COLUMNS + 2 * (ROWS - 1) + COLUMNS - 1 + 16) : 32'd0),
                         counts[3*32+:32], counts[2*32+:32], counts[1*32+:32] + 32'(skew_toggled),
                         counts[5*32+:32] + 32'(skew_written), counts[0*32+:32] + 32'(weight_skew_toggled),
                         counts[5*32+:32] + 32'(weight_skew_written)};
    end else begin : g_no_count
      wire logic unused_counts = &{1'b0, g_row[ROWS-1].counts, skew_written, skew_toggled, skew_control, first_written,
                                   first_toggled, first_control, weight_skew_written, weight_skew_toggled,
                                   weight_skew_control};
      assign activity = '0;
    end
  endgenerate
endmodule

`default_nettype wire
