// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
`default_nettype none

// One row of weight-stationary processing elements. Activations move right, partial sums down, one element a clock.
// Element c holds a weight, an activation and a 32-bit partial sum; each register is clocked only when it takes a new
// value (valid or load travel with the activation). A load arrives together with the first vector of its tile and takes
// effect for it, while the last vector of the tile before is still being added with the old weight.
module processing_row #(
    parameter int unsigned COLUMNS = 8,
    parameter bit COUNT_ACTIVITY = 1'b0
) (
    input  wire logic                  clock,
    input  wire logic                  reset,
    input  wire logic                  enable,
    input  wire logic                  valid_in,
    input  wire logic                  load_in,
    input  wire logic [7:0]            activation_in,
    input  wire logic [8*COLUMNS-1:0]  weight_bus,
    input  wire logic [32*COLUMNS-1:0] partial_sum_in,
    output logic      [32*COLUMNS-1:0] partial_sum_q,
    output logic                       first_column_valid,
    output logic      [15:0]           weight_written,
    output logic      [15:0]           weight_toggled,
    output logic      [15:0]           activation_written,
    output logic      [15:0]           activation_toggled,
    output logic      [15:0]           partial_sum_written,
    output logic      [15:0]           partial_sum_toggled,
    output logic      [15:0]           control_toggled,
    output logic      [15:0]           multiplications,
    output logic      [15:0]           additions
);
  logic [COLUMNS-1:0] valid_q, load_q, valid_chain, load_chain;
  logic [8*COLUMNS-1:0] activation_q, activation_d, activation_chain, weight_q, weight_d;
  logic [32*COLUMNS-1:0] partial_sum_d;

  assign valid_chain = {valid_q[COLUMNS-2:0], valid_in};
  assign load_chain = {load_q[COLUMNS-2:0], load_in};
  assign activation_chain = {activation_q[8*(COLUMNS-1)-1:0], activation_in};
  assign first_column_valid = valid_q[0];

  always_comb begin
    activation_d = activation_q;
    weight_d = weight_q;
    partial_sum_d = partial_sum_q;
    for (int unsigned c = 0; c < COLUMNS; c++) begin
      if (valid_chain[c]) activation_d[8*c+:8] = activation_chain[8*c+:8];
      if (load_chain[c]) weight_d[8*c+:8] = weight_bus[8*c+:8];
      if (valid_q[c])
        partial_sum_d[32*c+:32] = partial_sum_in[32*c+:32]
            + {{24{activation_q[8*c+7]}}, activation_q[8*c+:8]} * {{24{weight_q[8*c+7]}}, weight_q[8*c+:8]};
    end
  end

  always_ff @(posedge clock) begin
    if (reset) begin
      valid_q <= '0;
      load_q <= '0;
    end else if (enable) begin
      valid_q <= valid_chain;
      load_q <= load_chain;
    end
  end

  always_ff @(posedge clock) begin
    if (enable) begin
      activation_q <= activation_d;
      weight_q <= weight_d;
      partial_sum_q <= partial_sum_d;
    end
  end

  generate
    if (COUNT_ACTIVITY) begin : g_count
      logic [8*COLUMNS-1:0] operand_change;
      logic [32*COLUMNS-1:0] sum_change;
      logic [COLUMNS-1:0] multiplied, added;
      logic [15:0] loads, arrivals, sums;  // elements whose weight, activation or partial sum takes a value
      assign operand_change = (activation_d ^ activation_q) | (weight_d ^ weight_q);
      assign sum_change = partial_sum_d ^ partial_sum_q;
      always_comb begin
        for (int unsigned c = 0; c < COLUMNS; c++) begin
          multiplied[c] = |operand_change[8*c+:8];
          added[c] = |sum_change[32*c+:32];
        end
      end
      assign loads = 16'($countones(load_chain));
      assign arrivals = 16'($countones(valid_chain));
      assign sums = 16'($countones(valid_q));
      assign weight_written = 16'd8 * loads;
      assign weight_toggled = 16'($countones(weight_d ^ weight_q));
      assign activation_written = 16'd8 * arrivals;
      assign activation_toggled = 16'($countones(activation_d ^ activation_q));
      assign partial_sum_written = 16'd32 * sums;
      assign partial_sum_toggled = 16'($countones(sum_change));
      assign control_toggled = 16'($countones(valid_chain ^ valid_q)) + 16'($countones(load_chain ^ load_q));
      assign multiplications = 16'($countones(multiplied));
      assign additions = 16'($countones(added));
    end else begin : g_no_count
      assign {weight_written, weight_toggled, activation_written, activation_toggled, partial_sum_written,
              partial_sum_toggled, control_toggled, multiplications, additions} = '0;
    end
  endgenerate
endmodule

`default_nettype wire
