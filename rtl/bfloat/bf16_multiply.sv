// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
`default_nettype none

// Exact product of two 16-bit floating point numbers (bfloat16: sign, 8 bits of exponent, 7 of fraction), as float_add takes
// it: value = significand x 2^8 x 2^(exponent - 150), leading with a 1 unless 0. Combinational.
module bf16_multiply (
    input  wire logic [15:0]       a,
    input  wire logic [15:0]       b,
    output logic                   sign,
    output logic signed [10:0]     exponent,
    output logic      [15:0]       significand,
    output logic                   infinite,
    output logic                   nan
);
  logic a_zero, b_zero, a_infinite, b_infinite;
  logic [15:0] product;
  logic signed [10:0] sum;

  assign a_zero = a[14:0] == '0;
  assign b_zero = b[14:0] == '0;
  assign a_infinite = a[14:0] == 15'h7f80;
  assign b_infinite = b[14:0] == 15'h7f80;
  assign nan = (a[14:7] == 8'hff && a[6:0] != '0) || (b[14:7] == 8'hff && b[6:0] != '0)
               || (a_infinite && b_zero) || (b_infinite && a_zero);
  assign infinite = !nan && (a_infinite || b_infinite);
  assign sign = a[15] ^ b[15];
  assign product = 16'({a[14:7] != '0, a[6:0]}) * 16'({b[14:7] != '0, b[6:0]});
  assign sum = signed'({3'b000, a[14:7] == '0 ? 8'd1 : a[14:7]}) + signed'({3'b000, b[14:7] == '0 ? 8'd1 : b[14:7]}) - 11'sd126;

  always_comb begin
    significand = product;
    exponent = sum;
    if (significand[15:8] == '0) begin
      significand = significand << 8;
      exponent = exponent - 11'sd8;
    end
    if (significand[15:12] == '0) begin
      significand = significand << 4;
      exponent = exponent - 11'sd4;
    end
    if (significand[15:14] == '0) begin
      significand = significand << 2;
      exponent = exponent - 11'sd2;
    end
    if (!significand[15]) begin
      significand = significand << 1;
      exponent = exponent - 11'sd1;
    end
    if (product == '0) exponent = 11'sd1;
  end
endmodule

`default_nettype wire
