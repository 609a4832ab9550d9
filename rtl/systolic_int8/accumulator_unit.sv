// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
`default_nettype none

// Takes the aligned partial sums of the array, tile after tile, and adds them up over term tiles: the first tile starts
// from the bias of the output tile (or, where an operation continues an earlier one, from the accumulators), all but the
// last write the accumulator memory, the last goes through ReLU, requantisation and the pooling maximum to the result
// port. The reads for a vector are issued one clock before it arrives. FLOAT: 32-bit floating point numbers in place of integers.
module accumulator_unit #(
    parameter int unsigned COLUMNS = 8,
    parameter int unsigned ACCUMULATOR_DEPTH = 1024,
    parameter int unsigned BIAS_ADDRESS_BITS = 9,
    parameter bit FLOAT = 1'b0,
    parameter bit COUNT_ACTIVITY = 1'b0
) (
    input  wire logic                          clock,
    input  wire logic                          reset,
    input  wire logic                          start,
    input  wire logic                          busy,
    input  wire logic [15:0]                   vectors,
    input  wire logic [15:0]                   term_tiles,
    input  wire logic [15:0]                   output_tiles,
    input  wire logic [BIAS_ADDRESS_BITS-1:0]  bias_base,
    input  wire logic                          from_bias,
    input  wire logic                          finish,
    input  wire logic                          relu,
    input  wire logic                          requantise,
    input  wire logic [14:0]                   multiplier,
    input  wire logic [4:0]                    shift,
    input  wire logic [15:0]                   pool,
    input  wire logic                          fault_enable,
    input  wire logic [31:0]                   fault_result,
    input  wire logic [15:0]                   fault_column,
    input  wire logic                          sums_valid_early,
    input  wire logic                          sums_valid,
    input  wire logic [32*COLUMNS-1:0]         sums,
    output logic                               read_bias,
    output logic      [BIAS_ADDRESS_BITS-1:0]  bias_address,
    input  wire logic [32*COLUMNS-1:0]         bias,
    output logic                               result_valid,
    output logic      [32*COLUMNS-1:0]         result,
    output logic                               pooled_valid,
    output logic      [32*COLUMNS-1:0]         pooled,
    output logic                               done,
    output logic      [31:0]                   written,
    output logic      [31:0]                   toggled,
    output logic      [31:0]                   additions,
    output logic      [31:0]                   requantisations,
    output logic      [63:0]                   reads,
    output logic      [63:0]                   writes
);
  localparam int unsigned ADDRESS_BITS = $clog2(ACCUMULATOR_DEPTH);
  localparam int unsigned CONTROL_BITS = 16 * 3 + BIAS_ADDRESS_BITS + 16 + 32 + 2 * ADDRESS_BITS + 12;

  logic [15:0] vector_q, vector_d, term_q, term_d, output_q, output_d, group_q, group_d;
  logic [BIAS_ADDRESS_BITS-1:0] bias_q, bias_d;
  logic [31:0] result_index_q, result_index_d;
  logic [ADDRESS_BITS-1:0] aligned_address_q, aligned_address_d, sum_address_q;
  // flags of the vector at the aligned stage, at the sum register and behind
  logic aligned_from_bias_q, aligned_from_bias_d, aligned_last_q, aligned_last_d, aligned_final_q, aligned_final_d;
  logic sum_valid_q, sum_last_q, sum_final_q, product_valid_q, product_final_q;
  logic result_valid_q, result_final_q, pooled_valid_q, pooled_valid_d, pooled_final_q;

  logic vector_last, term_last, output_last, starts_from_bias, sum_to_product, pool_first, pool_last;
  localparam int unsigned PRODUCT_BITS = FLOAT ? 32 : 48;
  logic [32*COLUMNS-1:0] accumulator, sum_d, sum_q;
  logic [COLUMNS-1:0] product_changed;
  logic [31:0] lane_toggled;

  assign vector_last = vector_q + 16'd1 == vectors;
  assign term_last = term_q + 16'd1 == term_tiles;
  assign output_last = output_q + 16'd1 == output_tiles;
  assign starts_from_bias = from_bias && term_q == '0;
  assign read_bias = sums_valid_early && starts_from_bias && vector_q == '0;
  assign bias_address = bias_q;

  always_comb begin
    vector_d = vector_q;
    term_d = term_q;
    output_d = output_q;
    bias_d = bias_q;
    aligned_address_d = aligned_address_q;
    aligned_from_bias_d = aligned_from_bias_q;
    aligned_last_d = aligned_last_q;
    aligned_final_d = aligned_final_q;
    if (start) begin
      vector_d = '0;
      term_d = '0;
      output_d = '0;
      bias_d = bias_base;
      aligned_final_d = 1'b0;
    end else if (sums_valid_early) begin
      aligned_address_d = vector_q[ADDRESS_BITS-1:0];
      aligned_from_bias_d = starts_from_bias;
      aligned_last_d = term_last && finish;
      aligned_final_d = vector_last && term_last && output_last;
      if (read_bias) bias_d = bias_q + 1'b1;
      vector_d = vector_q + 16'd1;
      if (vector_last) begin
        vector_d = '0;
        term_d = term_q + 16'd1;
        if (term_last) begin
          term_d = '0;
          output_d = output_q + 16'd1;
        end
      end
    end
  end

  sram #(.WIDTH(32 * COLUMNS), .DEPTH(ACCUMULATOR_DEPTH), .COUNT_ACTIVITY(COUNT_ACTIVITY)) accumulator_sram (
      .clock, .reset, .read_enable(sums_valid_early && !starts_from_bias), .read_address(vector_q[ADDRESS_BITS-1:0]),
      .read_data(accumulator), .write_enable(sum_valid_q && !sum_last_q), .write_address(sum_address_q),
      .write_data(sum_q), .reads, .writes);

  generate
    if (FLOAT) begin : g_float
      logic [32*COLUMNS-1:0] float_sum;
      for (genvar c = 0; c < COLUMNS; c++) begin : g_add
        wire logic [31:0] a = sums[32*c+:32];
        float_add adder (
            .a_sign(a[31]), .a_exponent(a[30:23] == '0 ? 11'sd1 : signed'({3'b000, a[30:23]})),
            .a_significand({a[30:23] != '0, a[22:0]}), .a_infinite(a[30:0] == 31'h7f800000),
            .a_nan(a[30:23] == 8'hff && a[22:0] != '0),
            .b(aligned_from_bias_q ? bias[32*c+:32] : accumulator[32*c+:32]), .sum(float_sum[32*c+:32]));
      end
      assign sum_d = sums_valid ? float_sum : sum_q;
    end else begin : g_integer
      always_comb begin
        sum_d = sum_q;
        if (sums_valid) begin
          for (int unsigned c = 0; c < COLUMNS; c++)
            sum_d[32*c+:32] = sums[32*c+:32] + (aligned_from_bias_q ? bias[32*c+:32] : accumulator[32*c+:32]);
        end
      end
    end
  endgenerate

  assign sum_to_product = sum_valid_q && sum_last_q;
  assign pool_first = group_q == '0;
  assign pool_last = group_q + 16'd1 == pool;
  assign group_d = start || (result_valid_q && pool_last) ? '0 : result_valid_q ? group_q + 16'd1 : group_q;
  assign pooled_valid_d = result_valid_q && pool_last;
  assign result_index_d = start ? '0 : product_valid_q ? result_index_q + 32'd1 : result_index_q;

  always_ff @(posedge clock) begin
    if (reset) begin
      sum_valid_q <= 1'b0;
      product_valid_q <= 1'b0;
      result_valid_q <= 1'b0;
      pooled_valid_q <= 1'b0;
      pooled_final_q <= 1'b0;
      result_final_q <= 1'b0;
      product_final_q <= 1'b0;
      sum_final_q <= 1'b0;
    end else if (start || busy) begin
      sum_valid_q <= sums_valid;
      product_valid_q <= sum_to_product;
      result_valid_q <= product_valid_q;
      pooled_valid_q <= pooled_valid_d;
      sum_final_q <= sums_valid && aligned_final_q;
      product_final_q <= sum_final_q;
      result_final_q <= product_final_q;
      pooled_final_q <= result_final_q;
    end
  end

  always_ff @(posedge clock) begin
    if (start || busy) begin
      vector_q <= vector_d;
      term_q <= term_d;
      output_q <= output_d;
      bias_q <= bias_d;
      aligned_address_q <= aligned_address_d;
      aligned_from_bias_q <= aligned_from_bias_d;
      aligned_last_q <= aligned_last_d;
      aligned_final_q <= aligned_final_d;
      sum_address_q <= aligned_address_q;
      sum_last_q <= aligned_last_q;
      group_q <= group_d;
      result_index_q <= result_index_d;
    end
    if (sums_valid) sum_q <= sum_d;
  end

  generate
    for (genvar c = 0; c < COLUMNS; c++) begin : g_lane
      wire logic fault = fault_enable && fault_result == result_index_q && fault_column == 16'(c);
      logic [7:0] toggled_here;
      logic [31:0] toggled_sum;
      if (FLOAT) begin : g_lane_float
        wire logic unused_scale = &{1'b0, multiplier, shift};
        float_lane #(.COUNT_ACTIVITY(COUNT_ACTIVITY)) lane (
            .clock, .product_enable(sum_to_product), .result_enable(product_valid_q), .pooled_enable(result_valid_q),
            .pool_first, .relu, .requantise, .fault, .sum(sum_q[32*c+:32]),
            .result_q(result[32*c+:32]), .pooled_q(pooled[32*c+:32]), .toggled(toggled_here));
        assign product_changed[c] = 1'b0;
      end else begin : g_lane_integer
        requantise_lane #(.COUNT_ACTIVITY(COUNT_ACTIVITY)) lane (
            .clock, .product_enable(sum_to_product), .result_enable(product_valid_q), .pooled_enable(result_valid_q),
            .pool_first, .relu, .requantise, .multiplier, .shift, .fault, .sum(sum_q[32*c+:32]),
            .result_q(result[32*c+:32]), .pooled_q(pooled[32*c+:32]), .toggled(toggled_here),
            .product_changed(product_changed[c]));
      end
      if (c == 0) begin : g_first
        assign toggled_sum = 32'(toggled_here);
      end else begin : g_next
        assign toggled_sum = g_lane[c-1].toggled_sum + 32'(toggled_here);
      end
    end
  endgenerate
  assign lane_toggled = g_lane[COLUMNS-1].toggled_sum;

  assign result_valid = result_valid_q;
  assign pooled_valid = pooled_valid_q;
  assign done = pooled_final_q;

  generate
    if (COUNT_ACTIVITY) begin : g_count
      logic [COLUMNS-1:0] added;
      logic [15:0] control_toggled, sum_toggled;
      wire logic [CONTROL_BITS-1:0] change =
          {vector_q, term_q, output_q, bias_q, group_q, result_index_q, aligned_address_q, sum_address_q,
           aligned_from_bias_q, aligned_last_q, aligned_final_q, sum_valid_q, sum_last_q, sum_final_q,
           product_valid_q, product_final_q, result_valid_q, result_final_q, pooled_valid_q, pooled_final_q}
          ^ {vector_d, term_d, output_d, bias_d, group_d, result_index_d, aligned_address_d, aligned_address_q,
             aligned_from_bias_d, aligned_last_d, aligned_final_d, sums_valid, aligned_last_q,
             sums_valid && aligned_final_q, sum_to_product, sum_final_q, product_valid_q, product_final_q,
             pooled_valid_d, result_final_q};
      always_comb begin
        added = '0;
        sum_toggled = '0;
        if (sums_valid) begin
          for (int unsigned c = 0; c < COLUMNS; c++) added[c] = sum_d[32*c+:32] != sum_q[32*c+:32];
          sum_toggled = 16'($countones(sum_d ^ sum_q));
        end
      end
      assign written = (start || busy ? CONTROL_BITS : 32'd0) + (sums_valid ? 32 * COLUMNS : 32'd0)
                       + (sum_to_product ? PRODUCT_BITS * COLUMNS : 32'd0) + (product_valid_q ? 32 * COLUMNS : 32'd0)
                       + (result_valid_q ? 32 * COLUMNS : 32'd0);
      assign control_toggled = 16'($countones(change & {CONTROL_BITS{start || busy}}));
      assign toggled = 32'(control_toggled) + 32'(sum_toggled) + lane_toggled;
      // the rounding addition goes with the product, the comparison of the pooling maximum is a subtraction
      assign additions = 32'(16'($countones(added))) + requantisations
                         + (result_valid_q && !pool_first ? COLUMNS : 32'd0);
      assign requantisations = 32'(16'($countones(product_changed)));
    end else begin : g_no_count
      wire logic unused_counts = &{1'b0, lane_toggled, product_changed, CONTROL_BITS};
      assign {written, toggled, additions, requantisations} = '0;
    end
  endgenerate
endmodule

`default_nettype wire
