// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
`default_nettype none

// A baseline of one's own in a hundred lines: a tile of weights in registers, one multiplier a column, one term a clock. It
// stands behind the stream interface of docs/rtl.md in weight-stationary order.
module one_term_int8 #(
    parameter int unsigned ROWS = 8,
    parameter int unsigned COLUMNS = 8,
    parameter bit COUNT_ACTIVITY = 1'b0,
    localparam int unsigned WORD = 8
) (
    `include "stream_core_ports.svh"
);
  localparam int unsigned ROW_BITS = $clog2(ROWS);

  // One vector, not an array: of an array yosys would make a memory, whose registers have no names of ours.
  logic [8*COLUMNS*ROWS-1:0] weight_q;
  logic loaded_q, sums_valid_q;
  logic [ROW_BITS-1:0] row_q, term_q;
  logic [32*COLUMNS-1:0] sum_q, sum_d;
  logic [7:0] activation;
  logic step, row_last, term_last, take_weight;
  wire logic unused = &{1'b0, vector_first, COUNT_ACTIVITY};

  assign register_bits = 32'(8 * ROWS * COLUMNS + 32 * COLUMNS + 2 * ROW_BITS + 2);
  assign weight_ready = enable && !loaded_q;
  assign take_weight = weight_ready && weight_valid;
  assign row_last = row_q == ROW_BITS'(ROWS - 1);
  assign term_last = term_q == ROW_BITS'(ROWS - 1);
  assign step = enable && loaded_q && vector_valid && (!sums_valid_q || sums_ready);
  assign vector_ready = step && term_last;
  assign activation = vector[8*term_q+:8];

  always_comb begin
    sum_d = sum_q;
    for (int unsigned c = 0; c < COLUMNS; c++)
      sum_d[32*c+:32] = (term_q == '0 ? 32'd0 : sum_q[32*c+:32])
          + 32'(16'(signed'(activation)) * 16'(signed'(weight_q[8*(COLUMNS*32'(term_q)+c)+:8])));
  end

  always_ff @(posedge clock) begin
    if (reset) begin
      loaded_q <= 1'b0;
      row_q <= '0;
      term_q <= '0;
      sums_valid_q <= 1'b0;
    end else if (enable) begin
      if (take_weight) row_q <= row_last ? '0 : row_q + 1'b1;
      if (step) term_q <= term_last ? '0 : term_q + 1'b1;
      loaded_q <= take_weight && row_last ? 1'b1 : vector_ready && vector_last ? 1'b0 : loaded_q;
      sums_valid_q <= vector_ready || (sums_valid_q && !sums_ready);
    end
    if (take_weight) weight_q[8*COLUMNS*32'(row_q)+:8*COLUMNS] <= weight_row;
    if (step) sum_q <= sum_d;
  end

  assign sums_valid = sums_valid_q;
  assign sums = sum_q;
  // counts of what registers and operators do are optional: energy by coefficients needs them, energy from gates does not
  assign activity = '0;
endmodule

`default_nettype wire
