// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
`default_nettype none

// What bench_gate_level maps and races: a weight-stationary 4 x 4 array of 4-bit multiply-accumulators.
module array (
    input  wire logic        clock,
    input  wire logic        load,
    input  wire logic [15:0] weights,
    input  wire logic [15:0] activations,
    output logic      [39:0] sums
);
  logic [3:0] weight[16], activation[16];
  logic [9:0] sum[16];

  always_ff @(posedge clock) begin
    for (int r = 0; r < 4; r++) begin
      for (int c = 0; c < 4; c++) begin
        activation[4*r+c] <= c == 0 ? activations[4*r+:4] : activation[4*r+(c+3)%4];
        if (load) weight[4*r+c] <= r == 0 ? weights[4*c+:4] : weight[4*((r+3)%4)+c];
        sum[4*r+c] <= (r == 0 ? 10'd0 : sum[4*((r+3)%4)+c])
                      + 10'(weight[4*r+c]) * 10'(c == 0 ? activations[4*r+:4] : activation[4*r+(c+3)%4]);
      end
    end
  end
  assign sums = {sum[15], sum[14], sum[13], sum[12]};
endmodule

`default_nettype wire
