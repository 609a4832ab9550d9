// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
`default_nettype none

// Issues the memory reads of one operation: for every output tile and every term tile, `vectors` activation words and ROWS
// weight words side by side, one of each a clock; a tile takes max(ROWS, vectors) clocks. Weight words lie one after
// another in the order of use; activation words start over for every output tile.
module tile_sequencer #(
    parameter int unsigned ROWS = 8,
    parameter int unsigned ACTIVATION_ADDRESS_BITS = 12,
    parameter int unsigned WEIGHT_ADDRESS_BITS = 14,
    parameter bit COUNT_ACTIVITY = 1'b0
) (
    output logic tile_first,
    `include "sequencer_ports.svh"
);
  localparam int unsigned STATE_BITS = 1 + 48 + ACTIVATION_ADDRESS_BITS + WEIGHT_ADDRESS_BITS;

  logic issuing_q, issuing_d;
  logic [15:0] slot_q, slot_d, term_q, term_d, output_q, output_d;
  logic [ACTIVATION_ADDRESS_BITS-1:0] activation_q, activation_d;
  logic [WEIGHT_ADDRESS_BITS-1:0] weight_q, weight_d;
  logic slot_last, term_last, output_last;

  assign issuing = issuing_q;
  assign read_activation = issuing_q && slot_q < vectors;
  assign read_weight = issuing_q && slot_q < 16'(ROWS);
  assign activation_address = activation_q;
  assign weight_address = weight_q;
  assign tile_first = slot_q == '0;
  assign vector_index = slot_q;

  assign slot_last = slot_q + 16'd1 >= vectors && slot_q + 16'd1 >= 16'(ROWS);
  assign term_last = term_q + 16'd1 == term_tiles;
  assign output_last = output_q + 16'd1 == output_tiles;

  always_comb begin
    issuing_d = issuing_q;
    slot_d = slot_q;
    term_d = term_q;
    output_d = output_q;
    activation_d = activation_q;
    weight_d = weight_q;
    if (start) begin
      issuing_d = 1'b1;
      slot_d = '0;
      term_d = '0;
      output_d = '0;
      activation_d = activation_base;
      weight_d = weight_base;
    end else if (issuing_q) begin
      if (read_activation) activation_d = activation_q + 1'b1;
      if (read_weight) weight_d = weight_q + 1'b1;
      slot_d = slot_q + 16'd1;
      if (slot_last) begin
        slot_d = '0;
        term_d = term_q + 16'd1;
        if (term_last) begin
          term_d = '0;
          activation_d = activation_base;
          output_d = output_q + 16'd1;
          if (output_last) issuing_d = 1'b0;
        end
      end
    end
  end

  always_ff @(posedge clock) begin
    if (reset) begin
      issuing_q <= 1'b0;
      slot_q <= '0;
    end else begin
      issuing_q <= issuing_d;
      slot_q <= slot_d;
    end
    term_q <= term_d;
    output_q <= output_d;
    activation_q <= activation_d;
    weight_q <= weight_d;
  end

  generate
    if (COUNT_ACTIVITY) begin : g_count
      wire logic [STATE_BITS-1:0] change = {issuing_q, slot_q, term_q, output_q, activation_q, weight_q}
                                           ^ {issuing_d, slot_d, term_d, output_d, activation_d, weight_d};
      assign written = start || issuing_q ? 16'(STATE_BITS) : 16'd0;
      assign toggled = 16'($countones(change & {STATE_BITS{start || issuing_q}}));
    end else begin : g_no_count
      assign written = '0;
      assign toggled = '0;
    end
  endgenerate
endmodule

`default_nettype wire
