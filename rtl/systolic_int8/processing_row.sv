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
    output logic      [31:0]           weight_written,
    output logic      [31:0]           weight_toggled,
    output logic      [31:0]           activation_written,
    output logic      [31:0]           activation_toggled,
    output logic      [31:0]           partial_sum_written,
    output logic      [31:0]           partial_sum_toggled,
    output logic      [31:0]           control_toggled,
    output logic      [31:0]           multiplications,
    output logic      [31:0]           additions
);
  logic [COLUMNS-1:0] valid_q, load_q, valid_chain, load_chain;
  logic [8*COLUMNS-1:0] activation_q, activation_d, activation_chain, weight_q, weight_d;
  logic [32*COLUMNS-1:0] partial_sum_d;

  assign valid_chain = {valid_q[COLUMNS-2:0], valid_in};
  assign load_chain = {load_q[COLUMNS-2:0], load_in};
  assign activation_chain = {activation_q[8*(COLUMNS-1)-1:0], activation_in};
  assign first_column_valid = valid_q[0];

  // Rows that are full, partly full and empty are told apart so that a simulator can leave out what does not happen.
  always_comb begin
    activation_d = activation_q;
    if (&valid_chain) begin
      activation_d = activation_chain;
    end else if (|valid_chain) begin
      for (int unsigned c = 0; c < COLUMNS; c++)
        if (valid_chain[c]) activation_d[8*c+:8] = activation_chain[8*c+:8];
    end
  end

  always_comb begin
    weight_d = weight_q;
    if (|load_chain) begin
      for (int unsigned c = 0; c < COLUMNS; c++)
        if (load_chain[c]) weight_d[8*c+:8] = weight_bus[8*c+:8];
    end
  end

  always_comb begin
    partial_sum_d = partial_sum_q;
    if (|valid_q) begin
      for (int unsigned c = 0; c < COLUMNS; c++)
        if (valid_q[c])
          partial_sum_d[32*c+:32] = partial_sum_in[32*c+:32]
              + 32'(16'(signed'(activation_q[8*c+:8])) * 16'(signed'(weight_q[8*c+:8])));
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
      if (|valid_chain) activation_q <= activation_d;
      if (|load_chain) weight_q <= weight_d;
      if (|valid_q) partial_sum_q <= partial_sum_d;
    end
  end

  generate
    if (COUNT_ACTIVITY) begin : g_count
      logic [31:0] loads, arrivals, sums;  // elements whose weight, activation or partial sum takes a value
      always_comb begin
        activation_toggled = '0;
        weight_toggled = '0;
        multiplications = '0;
        if (|load_chain) begin
          weight_toggled = {16'd0, 16'($countones(weight_d ^ weight_q))};
          activation_toggled = {16'd0, 16'($countones(activation_d ^ activation_q))};
          for (int unsigned c = 0; c < COLUMNS; c++)
            multiplications = multiplications + {31'd0, activation_d[8*c+:8] != activation_q[8*c+:8]
                                                            || weight_d[8*c+:8] != weight_q[8*c+:8]};
        end else if (|valid_chain) begin
          activation_toggled = {16'd0, 16'($countones(activation_d ^ activation_q))};
          for (int unsigned c = 0; c < COLUMNS; c++)
            multiplications = multiplications + {31'd0, activation_d[8*c+:8] != activation_q[8*c+:8]};
        end
      end
      always_comb begin
        partial_sum_toggled = '0;
        additions = '0;
        if (|valid_q) begin
          partial_sum_toggled = {16'd0, 16'($countones(partial_sum_d ^ partial_sum_q))};
          for (int unsigned c = 0; c < COLUMNS; c++)
            additions = additions + {31'd0, partial_sum_d[32*c+:32] != partial_sum_q[32*c+:32]};
        end
      end
      assign loads = {16'd0, 16'($countones(load_chain))};
      assign arrivals = {16'd0, 16'($countones(valid_chain))};
      assign sums = {16'd0, 16'($countones(valid_q))};
      assign weight_written = 32'd8 * loads;
      assign activation_written = 32'd8 * arrivals;
      assign partial_sum_written = 32'd32 * sums;
      assign control_toggled = {16'd0, 16'($countones(valid_chain ^ valid_q))}
                               + {16'd0, 16'($countones(load_chain ^ load_q))};
    end else begin : g_no_count
      assign {weight_written, weight_toggled, activation_written, activation_toggled, partial_sum_written,
              partial_sum_toggled, control_toggled, multiplications, additions} = '0;
    end
  endgenerate
endmodule

`default_nettype wire
