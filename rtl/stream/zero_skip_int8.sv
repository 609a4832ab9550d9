// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
`default_nettype none

// Core that skips zero activations: one multiplier a column, a tile of weights in registers. A vector stays at the input
// while its non-zero activations take their turn, the lowest first, one a clock; a vector of zeros takes one clock. The next
// tile's weights are taken once the last vector of this one is done.
module zero_skip_int8 #(
    parameter int unsigned ROWS = 8,
    parameter int unsigned COLUMNS = 8,
    parameter bit COUNT_ACTIVITY = 1'b0,
    localparam int unsigned WORD = 8
) (
    `include "stream_core_ports.svh"
);
  localparam int unsigned ROW_BITS = $clog2(ROWS);

  logic [8*COLUMNS-1:0] weight_q[ROWS];
  logic loaded_q, loaded_d, sums_valid_q;
  logic [ROW_BITS-1:0] row_q, chosen;
  logic [ROWS-1:0] done_q, done_d, pending;
  logic [8*COLUMNS-1:0] weights;
  logic [7:0] activation;
  logic [32*COLUMNS-1:0] sum_q, sum_d;
  logic step, multiply, last_step, take_weight, row_last;
  wire logic unused_first = vector_first;

  assign register_bits = 32'(8 * ROWS * COLUMNS + 32 * COLUMNS + ROWS + ROW_BITS + 2);
  assign weight_ready = enable && !loaded_q;
  assign take_weight = weight_ready && weight_valid;
  assign row_last = row_q == ROW_BITS'(ROWS - 1);
  assign step = enable && loaded_q && vector_valid && (!sums_valid_q || sums_ready);
  assign multiply = step && pending != '0;
  // no other bit than the lowest one
  assign last_step = (pending & (pending - 1'b1)) == '0;
  assign vector_ready = step && last_step;
  assign loaded_d = take_weight && row_last ? 1'b1 : vector_ready && vector_last ? 1'b0 : loaded_q;

  always_comb begin
    for (int unsigned r = 0; r < ROWS; r++) pending[r] = vector[8*r+:8] != '0 && !done_q[r];
  end
  always_comb begin
    chosen = '0;
    for (int unsigned r = 0; r < ROWS; r++) if (pending[ROWS-1-r]) chosen = ROW_BITS'(ROWS - 1 - r);
  end
  assign activation = vector[8*chosen+:8];
  assign weights = weight_q[chosen];
  assign done_d = vector_ready ? '0 : done_q | (pending & (~pending + 1'b1));

  always_comb begin
    sum_d = sum_q;
    if (step) begin
      for (int unsigned c = 0; c < COLUMNS; c++)
        sum_d[32*c+:32] = (done_q == '0 ? 32'd0 : sum_q[32*c+:32])
            + (multiply ? 32'(16'(signed'(activation)) * 16'(signed'(weights[8*c+:8]))) : 32'd0);
    end
  end

  always_ff @(posedge clock) begin
    if (reset) begin
      loaded_q <= 1'b0;
      row_q <= '0;
      done_q <= '0;
      sums_valid_q <= 1'b0;
    end else if (enable) begin
      loaded_q <= loaded_d;
      if (take_weight) row_q <= row_last ? '0 : row_q + 1'b1;
      if (step) done_q <= done_d;
      sums_valid_q <= vector_ready || (sums_valid_q && !sums_ready);
    end
    if (take_weight) weight_q[row_q] <= weight_row;
    if (step) sum_q <= sum_d;
  end

  assign sums_valid = sums_valid_q;
  assign sums = sum_q;

  generate
    if (COUNT_ACTIVITY) begin : g_count
      logic [7:0] activation_q;  // what the multipliers saw last
      logic [8*COLUMNS-1:0] weights_q;
      logic [31:0] multiplications, additions, weight_toggled, sum_toggled, control_toggled;
      always_ff @(posedge clock)
        if (multiply) begin
          activation_q <= activation;
          weights_q <= weights;
        end
      always_comb begin
        multiplications = '0;
        additions = '0;
        weight_toggled = '0;
        sum_toggled = '0;
        control_toggled = '0;
        if (multiply)
          for (int unsigned c = 0; c < COLUMNS; c++)
            multiplications = multiplications
                              + {31'd0, activation != activation_q || weights[8*c+:8] != weights_q[8*c+:8]};
        if (step) begin
          sum_toggled = {16'd0, 16'($countones(sum_d ^ sum_q))};
          for (int unsigned c = 0; c < COLUMNS; c++)
            additions = additions + {31'd0, multiply && sum_d[32*c+:32] != sum_q[32*c+:32]};
          control_toggled = {16'd0, 16'($countones(done_d ^ done_q))};
        end
        if (take_weight) weight_toggled = {16'd0, 16'($countones(weight_row ^ weight_q[row_q]))};
      end
      // the chosen activation is read from the activation memory's latch: no register of its own
      assign activity = {additions, multiplications, control_toggled + {31'd0, loaded_d ^ loaded_q},
                         enable ? 32'(ROWS + ROW_BITS + 2) : 32'd0, sum_toggled, step ? 32'(32 * COLUMNS) : 32'd0, 64'd0,
                         weight_toggled, take_weight ? 32'(8 * COLUMNS) : 32'd0};
    end else begin : g_no_count
      assign activity = '0;
    end
  endgenerate
endmodule

`default_nettype wire
