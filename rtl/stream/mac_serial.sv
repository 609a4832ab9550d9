// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
`default_nettype none

// The smallest core: no multiplier and no weights of its own. COLUMNS lanes of an adder each take one activation bit a clock,
// the lowest first, and add the weight, shifted along, where the bit is 1; the sign bit subtracts. Order of beats is
// output-stationary with blocks of one vector (ROWS = 1), so a beat is one activation and its row of weights and takes 8 clocks.
module mac_serial #(
    parameter int unsigned ROWS = 1,
    parameter int unsigned COLUMNS = 8,
    parameter bit COUNT_ACTIVITY = 1'b0,
    localparam int unsigned WORD = 8
) (
    `include "stream_core_ports.svh"
);
  logic [2:0] bit_q;
  logic [15*COLUMNS-1:0] shifted_q, shifted_d, addend;
  logic [32*COLUMNS-1:0] sum_q, sum_d;
  logic step, bit_last, restart, add, sums_valid_q;

  assign register_bits = 32'(47 * COLUMNS + 4);
  assign step = enable && weight_valid && vector_valid && (!sums_valid_q || sums_ready);
  assign bit_last = bit_q == 3'd7;
  assign weight_ready = step && bit_last;
  assign vector_ready = step && bit_last;
  assign restart = vector_first && bit_q == '0;
  assign add = vector[bit_q];

  always_comb begin
    sum_d = sum_q;
    shifted_d = shifted_q;
    for (int unsigned c = 0; c < COLUMNS; c++) begin
      addend[15*c+:15] = bit_q == '0 ? {{7{weight_row[8*c+7]}}, weight_row[8*c+:8]} : shifted_q[15*c+:15];
      if (step) begin
        if (add || restart)
          sum_d[32*c+:32] = (restart ? 32'd0 : sum_q[32*c+:32])
              + (!add ? 32'd0 : bit_last ? -{{17{addend[15*c+14]}}, addend[15*c+:15]} : {{17{addend[15*c+14]}}, addend[15*c+:15]});
        if (!bit_last) shifted_d[15*c+:15] = {addend[15*c+:14], 1'b0};
      end
    end
  end

  always_ff @(posedge clock) begin
    if (reset) begin
      bit_q <= '0;
      sums_valid_q <= 1'b0;
    end else if (enable) begin
      if (step) bit_q <= bit_q + 3'd1;
      sums_valid_q <= (vector_ready && vector_last) || (sums_valid_q && !sums_ready);
    end
    if (step && !bit_last) shifted_q <= shifted_d;
    if (step && (add || restart)) sum_q <= sum_d;
  end

  assign sums_valid = sums_valid_q;
  assign sums = sum_q;

  generate
    if (COUNT_ACTIVITY) begin : g_count
      logic [31:0] additions, weight_toggled, sum_toggled;
      always_comb begin
        additions = '0;
        weight_toggled = '0;
        sum_toggled = '0;
        if (step) begin
          weight_toggled = {16'd0, 16'($countones(shifted_d ^ shifted_q))};
          sum_toggled = {16'd0, 16'($countones(sum_d ^ sum_q))};
          for (int unsigned c = 0; c < COLUMNS; c++)
            additions = additions + {31'd0, add && sum_d[32*c+:32] != sum_q[32*c+:32]};
        end
      end
      assign activity = {additions, 32'd0, step ? {30'd0, 2'($countones(bit_q ^ (bit_q + 3'd1)))} : 32'd0,
                         enable ? 32'd4 : 32'd0, sum_toggled,
                         step && (add || restart) ? 32'(32 * COLUMNS) : 32'd0, 64'd0, weight_toggled,
                         step && !bit_last ? 32'(15 * COLUMNS) : 32'd0};
    end else begin : g_no_count
      assign activity = '0;
    end
  endgenerate
endmodule

`default_nettype wire
