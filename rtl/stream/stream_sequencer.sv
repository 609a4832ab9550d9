// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
`default_nettype none

// Turns one operation into two streams with ready/valid: rows of weights and activation words, read from their memories in
// the order of docs/rtl.md. A word stands at a memory's output until it is taken; reading the next one and taking fit one
// clock. Weights of an output tile are sent once (weight-stationary) or once a block of ROWS vectors (output-stationary).
module stream_sequencer #(
    parameter int unsigned ROWS = 8,
    parameter bit OUTPUT_STATIONARY = 1'b0,
    parameter int unsigned ACTIVATION_ADDRESS_BITS = 12,
    parameter int unsigned WEIGHT_ADDRESS_BITS = 14,
    parameter bit COUNT_ACTIVITY = 1'b0
) (
    output logic                                     vector_valid,
    output logic                                     vector_first,
    output logic                                     vector_last,
    input  wire logic                                vector_ready,
    output logic                                     weight_valid,
    input  wire logic                                weight_ready,
    `include "sequencer_ports.svh"
);
  localparam int unsigned STATE_BITS = 2 + 7 * 16 + 2 * WEIGHT_ADDRESS_BITS + ACTIVATION_ADDRESS_BITS + 4 + 16;

  // activation words: `inner` counts within a tile (vectors) or a block (rows of a term tile), `middle` the term tiles of a
  // block, `left` the vectors from the block on
  logic sending_q, sending_d, loading_q, loading_d;
  logic [15:0] inner_q, inner_d, middle_q, middle_d, left_q, left_d, output_q, output_d;
  logic [15:0] row_q, row_d, weight_left_q, weight_left_d, weight_output_q, weight_output_d;
  logic [ACTIVATION_ADDRESS_BITS-1:0] activation_q, activation_d;
  logic [WEIGHT_ADDRESS_BITS-1:0] weight_q, weight_d, tile_weight_q, tile_weight_d;
  logic first_now, last_now, inner_last, middle_last, block_last, weight_tile_last, weight_block_last;
  logic [15:0] index_now, weight_terms_q, weight_terms_d;
  logic vector_valid_d, weight_valid_d;

  assign issuing = sending_q || loading_q;
  assign read_activation = sending_q && (!vector_valid || vector_ready);
  assign read_weight = loading_q && (!weight_valid || weight_ready);
  assign activation_address = activation_q;
  assign weight_address = weight_q;
  assign vector_valid_d = read_activation || (vector_valid && !vector_ready);
  assign weight_valid_d = read_weight || (weight_valid && !weight_ready);

  assign inner_last = inner_q + 16'd1 == (OUTPUT_STATIONARY ? 16'(ROWS) : vectors);
  assign middle_last = middle_q + 16'd1 == term_tiles;
  assign block_last = !OUTPUT_STATIONARY || left_q <= 16'(ROWS);
  assign first_now = inner_q == '0 && (!OUTPUT_STATIONARY || middle_q == '0);
  assign last_now = inner_last && (!OUTPUT_STATIONARY || middle_last);
  // in a block the clocks go round its vectors
  assign index_now = !OUTPUT_STATIONARY ? inner_q : vectors - left_q + (inner_q < left_q ? inner_q : 16'd0);

  always_comb begin
    sending_d = sending_q;
    inner_d = inner_q;
    middle_d = middle_q;
    left_d = left_q;
    output_d = output_q;
    activation_d = activation_q;
    if (start) begin
      sending_d = 1'b1;
      inner_d = '0;
      middle_d = '0;
      left_d = vectors;
      output_d = '0;
      activation_d = activation_base;
    end else if (read_activation) begin
      activation_d = activation_q + 1'b1;
      inner_d = inner_q + 16'd1;
      if (inner_last) begin
        inner_d = '0;
        middle_d = middle_q + 16'd1;
        if (middle_last) begin
          middle_d = '0;
          left_d = left_q - 16'(ROWS);
          if (block_last) begin
            left_d = vectors;
            activation_d = activation_base;
            output_d = output_q + 16'd1;
            if (output_q + 16'd1 == output_tiles) sending_d = 1'b0;
          end
        end
      end
    end
  end

  assign weight_tile_last = row_q + 16'd1 == 16'(ROWS);
  assign weight_block_last = !OUTPUT_STATIONARY || weight_left_q <= 16'(ROWS);
  always_comb begin
    loading_d = loading_q;
    row_d = row_q;
    weight_terms_d = weight_terms_q;
    weight_left_d = weight_left_q;
    weight_output_d = weight_output_q;
    weight_d = weight_q;
    tile_weight_d = tile_weight_q;
    if (start) begin
      loading_d = 1'b1;
      row_d = '0;
      weight_terms_d = '0;
      weight_left_d = vectors;
      weight_output_d = '0;
      weight_d = weight_base;
      tile_weight_d = weight_base;
    end else if (read_weight) begin
      weight_d = weight_q + 1'b1;
      row_d = row_q + 16'd1;
      if (weight_tile_last) begin
        row_d = '0;
        weight_terms_d = weight_terms_q + 16'd1;
        if (weight_terms_q + 16'd1 == term_tiles) begin
          weight_terms_d = '0;
          weight_left_d = weight_left_q - 16'(ROWS);
          weight_d = tile_weight_q;
          if (weight_block_last) begin
            weight_left_d = vectors;
            weight_d = weight_q + 1'b1;
            tile_weight_d = weight_q + 1'b1;
            weight_output_d = weight_output_q + 16'd1;
            if (weight_output_q + 16'd1 == output_tiles) loading_d = 1'b0;
          end
        end
      end
    end
  end

  always_ff @(posedge clock) begin
    if (reset) begin
      sending_q <= 1'b0;
      loading_q <= 1'b0;
      vector_valid <= 1'b0;
      weight_valid <= 1'b0;
    end else begin
      sending_q <= sending_d;
      loading_q <= loading_d;
      vector_valid <= vector_valid_d;
      weight_valid <= weight_valid_d;
    end
    if (start || issuing) begin
      inner_q <= inner_d;
      middle_q <= middle_d;
      left_q <= left_d;
      output_q <= output_d;
      activation_q <= activation_d;
      row_q <= row_d;
      weight_terms_q <= weight_terms_d;
      weight_left_q <= weight_left_d;
      weight_output_q <= weight_output_d;
      weight_q <= weight_d;
      tile_weight_q <= tile_weight_d;
    end
    if (read_activation) begin
      vector_first <= first_now;
      vector_last <= last_now;
      vector_index <= index_now;
    end
  end

  generate
    if (COUNT_ACTIVITY) begin : g_count
      wire logic [STATE_BITS-1:0] change =
          {sending_q, loading_q, inner_q, middle_q, left_q, output_q, row_q, weight_terms_q, weight_left_q, weight_q,
           tile_weight_q, activation_q, vector_valid, weight_valid, vector_first, vector_last, vector_index}
          ^ {sending_d, loading_d, inner_d, middle_d, left_d, output_d, row_d, weight_terms_d, weight_left_d, weight_d,
             tile_weight_d, activation_d, vector_valid_d, weight_valid_d, read_activation ? first_now : vector_first,
             read_activation ? last_now : vector_last, read_activation ? index_now : vector_index};
      assign written = start || issuing ? 16'(STATE_BITS) : 16'd0;
      assign toggled = 16'($countones(change & {STATE_BITS{start || issuing}}));
    end else begin : g_no_count
      assign written = '0;
      assign toggled = '0;
    end
  endgenerate
endmodule

`default_nettype wire
