// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
`default_nettype none

// Post-processing of one column of 32-bit floating point sums, in the three clocked stages of requantise_lane:
//   product = relu ? max(sum, +0) : sum
//   result  = requantise ? product rounded to 16 bits, nearest even, the lower half 0 : product
//   pooled  = running maximum of the results of one pool group, in the total order of IEEE 754
// `fault` is for tests: it moves the result's last bit.
module float_lane #(
    parameter bit COUNT_ACTIVITY = 1'b0
) (
    input  wire logic             clock,
    input  wire logic             product_enable,
    input  wire logic             result_enable,
    input  wire logic             pooled_enable,
    input  wire logic             pool_first,
    input  wire logic             relu,
    input  wire logic             requantise,
    input  wire logic             fault,
    input  wire logic [31:0]      sum,
    output logic      [31:0]      result_q,
    output logic      [31:0]      pooled_q,
    output logic      [7:0]       toggled
);
  logic [31:0] product_q, product_d, result_d, pooled_d, clean;
  logic [15:0] rounded;
  logic greater;

  assign product_d = relu && sum[31] ? '0 : sum;
  // infinity has no fraction and stays; the one NaN there is rounds to its upper half
  assign rounded = product_q[31:16] + {15'd0, product_q[15] && (product_q[16] || product_q[14:0] != '0)};
  assign clean = requantise ? {rounded, 16'd0} : product_q;
  assign result_d = fault ? clean ^ (requantise ? 32'h00010000 : 32'd1) : clean;
  assign greater = {~result_q[31], result_q[30:0] ^ {31{result_q[31]}}} > {~pooled_q[31], pooled_q[30:0] ^ {31{pooled_q[31]}}};
  assign pooled_d = pool_first || greater ? result_q : pooled_q;

  always_ff @(posedge clock) begin
    if (product_enable) product_q <= product_d;
    if (result_enable) result_q <= result_d;
    if (pooled_enable) pooled_q <= pooled_d;
  end

  generate
    if (COUNT_ACTIVITY) begin : g_count
      assign toggled = (product_enable ? 8'($countones(product_d ^ product_q)) : 8'd0)
                       + (result_enable ? 8'($countones(result_d ^ result_q)) : 8'd0)
                       + (pooled_enable ? 8'($countones(pooled_d ^ pooled_q)) : 8'd0);
    end else begin : g_no_count
      assign toggled = '0;
    end
  endgenerate
endmodule

`default_nettype wire
