// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
`default_nettype none

// One row of multiply-accumulators: with `take` each keeps the exact product of the row's activation and its column's weight,
// and one clock later adds it to its 32-bit sum; `first` replaces the sum. With `shift` all sums take those of the row below.
module bf16_row #(
    parameter int unsigned COLUMNS = 8,
    parameter bit COUNT_ACTIVITY = 1'b0
) (
    input  wire logic                  clock,
    input  wire logic                  take,
    input  wire logic [15:0]           activation,
    input  wire logic [16*COLUMNS-1:0] weights,
    input  wire logic                  add,
    input  wire logic                  first,
    input  wire logic                  shift,
    input  wire logic [32*COLUMNS-1:0] sums_in,
    output logic      [32*COLUMNS-1:0] sum_q,
    output logic      [4*32-1:0]       counts
);
  localparam int unsigned PRODUCT_BITS = 30;

  logic [PRODUCT_BITS*COLUMNS-1:0] product_q, product_d;
  logic [32*COLUMNS-1:0] sum_d;

  generate
    for (genvar c = 0; c < COLUMNS; c++) begin : g_element
      logic [31:0] added;
      bf16_multiply multiplier (
          .a(activation), .b(weights[16*c+:16]), .sign(product_d[PRODUCT_BITS*c+29]),
          .exponent(product_d[PRODUCT_BITS*c+18+:11]), .significand(product_d[PRODUCT_BITS*c+2+:16]),
          .infinite(product_d[PRODUCT_BITS*c+1]), .nan(product_d[PRODUCT_BITS*c]));
      float_add adder (
          .a_sign(product_q[PRODUCT_BITS*c+29]), .a_exponent(product_q[PRODUCT_BITS*c+18+:11]),
          .a_significand({product_q[PRODUCT_BITS*c+2+:16], 8'd0}), .a_infinite(product_q[PRODUCT_BITS*c+1]),
          .a_nan(product_q[PRODUCT_BITS*c]), .b(first ? 32'd0 : sum_q[32*c+:32]), .sum(added));
      assign sum_d[32*c+:32] = shift ? sums_in[32*c+:32] : added;
    end
  endgenerate

  always_ff @(posedge clock) begin
    if (take) product_q <= product_d;
    if (shift || add) sum_q <= sum_d;
  end

  // products toggled, sums toggled, multiplications, additions
  generate
    if (COUNT_ACTIVITY) begin : g_count
      logic [31:0] product_toggled, sum_toggled, multiplications, additions;
      always_comb begin
        {product_toggled, sum_toggled, multiplications, additions} = '0;
        if (take) begin
          product_toggled = {16'd0, 16'($countones(product_d ^ product_q))};
          for (int unsigned c = 0; c < COLUMNS; c++)
            multiplications = multiplications
                              + {31'd0, product_d[PRODUCT_BITS*c+:PRODUCT_BITS] != product_q[PRODUCT_BITS*c+:PRODUCT_BITS]};
        end
        if (shift || add) begin
          sum_toggled = {16'd0, 16'($countones(sum_d ^ sum_q))};
          for (int unsigned c = 0; c < COLUMNS; c++)
            additions = additions + {31'd0, !shift && sum_d[32*c+:32] != sum_q[32*c+:32]};
        end
      end
      assign counts = {additions, multiplications, sum_toggled, product_toggled};
    end else begin : g_no_count
      assign counts = '0;
    end
  endgenerate
endmodule

`default_nettype wire
