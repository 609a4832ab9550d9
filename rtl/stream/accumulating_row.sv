// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
`default_nettype none

// One row of output-stationary elements. Activations move right, weights leave for the row below, each element adds the
// product of the two that meet in it to its sum; the first term of a block replaces the sum. With `shift` all sums take
// those of the row below. Registers are clocked only when they take a value.
module accumulating_row #(
    parameter int unsigned COLUMNS = 8,
    parameter bit COUNT_ACTIVITY = 1'b0
) (
    input  wire logic                  clock,
    input  wire logic                  reset,
    input  wire logic                  enable,
    input  wire logic                  valid_in,
    input  wire logic                  first_in,
    input  wire logic [7:0]            activation_in,
    input  wire logic [8*COLUMNS-1:0]  weights_in,
    input  wire logic                  shift,
    input  wire logic [32*COLUMNS-1:0] sums_in,
    output logic      [8*COLUMNS-1:0]  weight_q,
    output logic      [32*COLUMNS-1:0] sum_q,
    output logic      [8*32-1:0]       counts
);
  logic [COLUMNS-1:0] valid_q, first_q, valid_chain, first_chain;
  logic [8*COLUMNS-1:0] activation_q, activation_chain, activation_d, weight_d;
  logic [32*COLUMNS-1:0] sum_d;

  assign valid_chain = {valid_q[COLUMNS-2:0], valid_in};
  assign first_chain = {first_q[COLUMNS-2:0], first_in};
  assign activation_chain = {activation_q[8*(COLUMNS-1)-1:0], activation_in};

  always_comb begin
    activation_d = activation_q;
    weight_d = weight_q;
    sum_d = sum_q;
    if (shift) begin
      sum_d = sums_in;
    end else if (|valid_chain) begin
      for (int unsigned c = 0; c < COLUMNS; c++)
        if (valid_chain[c]) begin
          activation_d[8*c+:8] = activation_chain[8*c+:8];
          weight_d[8*c+:8] = weights_in[8*c+:8];
          sum_d[32*c+:32] = (first_chain[c] ? 32'd0 : sum_q[32*c+:32])
              + 32'(16'(signed'(activation_chain[8*c+:8])) * 16'(signed'(weights_in[8*c+:8])));
        end
    end
  end

  always_ff @(posedge clock) begin
    if (reset) begin
      valid_q <= '0;
      first_q <= '0;
    end else if (enable) begin
      valid_q <= valid_chain;
      first_q <= first_chain;
    end
  end

  always_ff @(posedge clock) begin
    if (enable && |valid_chain) begin
      activation_q <= activation_d;
      weight_q <= weight_d;
    end
    if (enable && (shift || |valid_chain)) sum_q <= sum_d;
  end

  // weights toggled, activations toggled, sums written and toggled, control toggled, operands written, multiplications,
  // additions
  generate
    if (COUNT_ACTIVITY) begin : g_count
      logic [31:0] multiplications, additions, weight_toggled, activation_toggled, sum_toggled;
      wire logic [31:0] arrivals = {16'd0, 16'($countones(valid_chain))};
      always_comb begin
        multiplications = '0;
        additions = '0;
        weight_toggled = '0;
        activation_toggled = '0;
        sum_toggled = '0;
        if (enable && (shift || |valid_chain)) begin
          weight_toggled = {16'd0, 16'($countones(weight_d ^ weight_q))};
          activation_toggled = {16'd0, 16'($countones(activation_d ^ activation_q))};
          sum_toggled = {16'd0, 16'($countones(sum_d ^ sum_q))};
          for (int unsigned c = 0; c < COLUMNS; c++) begin
            multiplications = multiplications + {31'd0, activation_d[8*c+:8] != activation_q[8*c+:8]
                                                            || weight_d[8*c+:8] != weight_q[8*c+:8]};
            additions = additions + {31'd0, !shift && sum_d[32*c+:32] != sum_q[32*c+:32]};
          end
        end
      end
      assign counts = {additions, multiplications, enable ? 32'd8 * arrivals : 32'd0,
                       enable ? {16'd0, 16'($countones({valid_chain ^ valid_q, first_chain ^ first_q}))} : 32'd0,
                       sum_toggled,
                       !enable ? 32'd0 : shift ? 32'(32 * COLUMNS) : 32'd32 * arrivals,
                       activation_toggled, weight_toggled};
    end else begin : g_no_count
      assign counts = '0;
    end
  endgenerate
endmodule

`default_nettype wire
