// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
`default_nettype none

// Post-processing of one column in three clocked stages:
//   product = (relu ? max(sum, 0) : sum) x multiplier
//   result  = requantise ? clamp(floor((product + 2^(shift-1)) / 2^shift), -127, 127) : product
//   pooled  = running maximum of the results of one pool group
// `fault` is for tests: it moves the result by one, downwards at 127.
module requantise_lane #(
    parameter bit COUNT_ACTIVITY = 1'b0
) (
    input  wire logic             clock,
    input  wire logic             product_enable,
    input  wire logic             result_enable,
    input  wire logic             pooled_enable,
    input  wire logic             pool_first,
    input  wire logic             relu,
    input  wire logic             requantise,
    input  wire logic [14:0]      multiplier,
    input  wire logic [4:0]       shift,
    input  wire logic             fault,
    input  wire logic [31:0]      sum,
    output logic signed [31:0]    result_q,
    output logic signed [31:0]    pooled_q,
    output logic      [7:0]       toggled,
    output logic                  product_changed
);
  logic signed [47:0] product_q, product_d, operand, rounded, shifted;
  logic signed [31:0] clean, result_d, pooled_d;

  always_comb begin
    operand = '0;
    product_d = product_q;
    if (product_enable) begin
      if (!(relu && sum[31])) operand = {{16{sum[31]}}, sum};
      product_d = operand * $signed({33'd0, multiplier});
    end
  end

  always_comb begin
    rounded = '0;
    shifted = '0;
    clean = '0;
    result_d = result_q;
    if (result_enable) begin
      rounded = product_q + (requantise ? (48'sd1 <<< (shift - 5'd1)) : 48'sd0);
      shifted = rounded >>> (requantise ? shift : 5'd0);
      clean = shifted[31:0];
      if (requantise) begin
        if (shifted > 48'sd127) clean = 32'sd127;
        else if (shifted < -48'sd127) clean = -32'sd127;
      end
      result_d = clean;
      if (fault) result_d = (clean == 32'sd127) ? 32'sd126 : clean + 32'sd1;
    end
  end

  always_comb begin
    pooled_d = pooled_q;
    if (pooled_enable && (pool_first || result_q > pooled_q)) pooled_d = result_q;
  end

  always_ff @(posedge clock) begin
    if (product_enable) product_q <= product_d;
    if (result_enable) result_q <= result_d;
    if (pooled_enable) pooled_q <= pooled_d;
  end

  generate
    if (COUNT_ACTIVITY) begin : g_count
      always_comb begin
        toggled = '0;
        product_changed = 1'b0;
        if (product_enable) begin
          toggled = 8'($countones(product_d ^ product_q));
          product_changed = product_d != product_q;
        end
        if (result_enable) toggled = toggled + 8'($countones(result_d ^ result_q));
        if (pooled_enable) toggled = toggled + 8'($countones(pooled_d ^ pooled_q));
      end
    end else begin : g_no_count
      assign toggled = '0;
      assign product_changed = 1'b0;
    end
  endgenerate
endmodule

`default_nettype wire
