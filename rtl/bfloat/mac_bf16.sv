// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
`default_nettype none

// ROWS x COLUMNS multiply-accumulators of 16-bit floating point numbers (bfloat16) with 32-bit sums, behind the stream
// interface in output-stationary order. A beat is one term: ROWS activations, one a vector, and a row of weights; element (r, c)
// adds their exact product to its sum, one rounding a term, in the order of the terms. After the last beat of a block its sums
// leave row by row; beats wait meanwhile.
module mac_bf16 #(
    parameter int unsigned ROWS = 8,
    parameter int unsigned COLUMNS = 8,
    parameter bit COUNT_ACTIVITY = 1'b0,
    localparam int unsigned WORD = 16
) (
    `include "stream_core_ports.svh"
);
  logic add_q, first_q, last_q;  // of the beat whose products stand in the registers
  logic [7:0] drain_q, drain_d;  // rows left
  logic open, take, shift;

  assign register_bits = 32'(62 * ROWS * COLUMNS + 3 + 8);
  assign open = enable && drain_q == '0 && !(add_q && last_q);
  assign take = open && weight_valid && vector_valid;
  assign weight_ready = open && vector_valid;
  assign vector_ready = open && weight_valid;
  assign sums_valid = drain_q != '0;
  assign shift = enable && sums_valid && sums_ready;
  assign drain_d = add_q && last_q ? 8'(ROWS) : shift ? drain_q - 8'd1 : drain_q;

  generate
    for (genvar r = 0; r < ROWS; r++) begin : g_row
      logic [32*COLUMNS-1:0] sums_in, sums_out;
      logic [4*32-1:0] counts_here, counts;
      if (r == 0) begin : g_top
        assign counts = counts_here;
      end else begin : g_below
        for (genvar k = 0; k < 4; k++) begin : g_sum
          assign counts[32*k+:32] = g_row[r-1].counts[32*k+:32] + counts_here[32*k+:32];
        end
      end
      if (r == ROWS - 1) begin : g_bottom
        assign sums_in = '0;
      end else begin : g_above
        assign sums_in = g_row[r+1].sums_out;
      end
      bf16_row #(.COLUMNS(COLUMNS), .COUNT_ACTIVITY(COUNT_ACTIVITY)) row (
          .clock, .take, .activation(vector[16*r+:16]), .weights(weight_row), .add(enable && add_q), .first(first_q), .shift,
          .sums_in, .sum_q(sums_out), .counts(counts_here));
    end
  endgenerate
  assign sums = g_row[0].sums_out;

  always_ff @(posedge clock) begin
    if (reset) begin
      add_q <= 1'b0;
      first_q <= 1'b0;
      last_q <= 1'b0;
      drain_q <= '0;
    end else if (enable) begin
      add_q <= take;
      if (take) begin
        first_q <= vector_first;
        last_q <= vector_last;
      end
      drain_q <= drain_d;
    end
  end

  generate
    if (COUNT_ACTIVITY) begin : g_count
      wire logic [4*32-1:0] counts = g_row[ROWS-1].counts;
      wire logic [10:0] control_change = {add_q ^ take, take && (first_q ^ vector_first), take && (last_q ^ vector_last), drain_q ^ drain_d};
      // additions, multiplications, control and products, sums; no registers of activations and weights
      assign activity = {counts[3*32+:32], counts[2*32+:32],
                         counts[0*32+:32] + (enable ? {28'd0, 4'($countones(control_change))} : 32'd0),
                         (take ? 32'(30 * ROWS * COLUMNS) : 32'd0) + (enable ? 32'd11 : 32'd0), counts[1*32+:32],
                         shift || (enable && add_q) ? 32'(32 * ROWS * COLUMNS) : 32'd0, 128'd0};
    end else begin : g_no_count
      wire logic unused_counts = &{1'b0, g_row[ROWS-1].counts};
      assign activity = '0;
    end
  endgenerate
endmodule

`default_nettype wire
