// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
`default_nettype none

// ReLU on LANES signed codes a clock: out = code > 0 ? code : 0, one register behind the input. The output registers are
// clocked only with a valid input. `activity` holds, from the low end, clock cycles, register bits written and register
// bits toggled since reset; zero unless COUNT_ACTIVITY.
module relu_unit #(
    parameter int unsigned LANES = 8,
    parameter int unsigned WIDTH = 16,
    parameter bit COUNT_ACTIVITY = 1'b0
) (
    input  wire logic                   clock,
    input  wire logic                   reset,
    input  wire logic                   valid,
    input  wire logic [LANES*WIDTH-1:0] codes,
    output logic                        valid_q,
    output logic      [LANES*WIDTH-1:0] codes_q,
    output logic      [3*64-1:0]        activity,
    output logic      [31:0]            register_bits
);
  logic [LANES*WIDTH-1:0] rectified;

  assign register_bits = 32'(LANES * WIDTH + 1);

  always_comb begin
    for (int unsigned i = 0; i < LANES; i++)
      rectified[i*WIDTH+:WIDTH] = codes[i*WIDTH+WIDTH-1] ? '0 : codes[i*WIDTH+:WIDTH];
  end

  always_ff @(posedge clock) begin
    if (reset) begin
      valid_q <= 1'b0;
      codes_q <= '0;
    end else begin
      valid_q <= valid;
      if (valid) codes_q <= rectified;
    end
  end

  generate
    if (COUNT_ACTIVITY) begin : g_count
      logic [63:0] cycles_q, written_q, toggled_q;
      wire logic [15:0] code_toggles = 16'($countones((rectified ^ codes_q) & {LANES * WIDTH{valid}}));
      wire logic [15:0] toggles = code_toggles + {15'd0, valid ^ valid_q};
      wire logic [15:0] bits = valid ? 16'(LANES * WIDTH + 1) : 16'd1;
      always_ff @(posedge clock) begin
        if (reset) begin
          cycles_q <= '0;
          written_q <= '0;
          toggled_q <= '0;
        end else begin
          cycles_q <= cycles_q + 64'd1;
          written_q <= written_q + 64'(bits);
          toggled_q <= toggled_q + 64'(toggles);
        end
      end
      assign activity = {toggled_q, written_q, cycles_q};
    end else begin : g_no_count
      assign activity = '0;
    end
  endgenerate
endmodule

`default_nettype wire
