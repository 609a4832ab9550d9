// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
`default_nettype none

// sum = a + b, rounded once to 32-bit floating point, nearest even, with subnormal numbers; every NaN is 7FC00000. `b` is a
// 32-bit number; `a` comes taken apart, so that an exact product of two 16-bit numbers fits: its value is
// a_significand x 2^(a_exponent - 150), and its significand leads with a 1 unless it is 0 (a_exponent then 1) or a_exponent
// is 1. Combinational.
module float_add (
    input  wire logic               a_sign,
    input  wire logic signed [10:0] a_exponent,
    input  wire logic [23:0]        a_significand,
    input  wire logic               a_infinite,
    input  wire logic               a_nan,
    input  wire logic [31:0]        b,
    output logic      [31:0]        sum
);
  logic b_infinite, b_nan, swap, major_sign, minor_sign, same, negative, sign, hidden, up, lost;
  logic signed [10:0] b_exponent, major_exponent, minor_exponent;
  logic [23:0] b_significand, major, minor;
  logic [10:0] distance;
  logic [4:0] shift;
  logic [26:0] aligned, normal;
  logic [27:0] total, magnitude;
  logic [9:0] exponent;
  logic [32:0] rounded;

  assign b_infinite = b[30:0] == 31'h7f800000;
  assign b_nan = b[30:23] == 8'hff && b[22:0] != '0;
  assign b_significand = {b[30:23] != '0, b[22:0]};
  assign b_exponent = b[30:23] == '0 ? 11'sd1 : {3'b000, b[30:23]};

  assign swap = b_exponent > a_exponent;
  assign major_sign = swap ? b[31] : a_sign;
  assign minor_sign = swap ? a_sign : b[31];
  assign major_exponent = swap ? b_exponent : a_exponent;
  assign minor_exponent = swap ? a_exponent : b_exponent;
  assign major = swap ? b_significand : a_significand;
  assign minor = swap ? a_significand : b_significand;
  assign same = major_sign == minor_sign;

  // three bits below the last place: guard, round, and all that was shifted out
  assign distance = unsigned'(major_exponent - minor_exponent);
  assign shift = distance > 11'd27 ? 5'd27 : distance[4:0];
  assign lost = ({minor, 3'b000} & ~(27'h7ffffff << shift)) != '0;
  assign aligned = ({minor, 3'b000} >> shift) | {26'd0, lost};
  assign total = same ? {1'b0, major, 3'b000} + {1'b0, aligned} : {1'b0, major, 3'b000} - {1'b0, aligned};
  assign negative = !same && total[27];
  assign magnitude = negative ? -total : total;
  assign sign = magnitude == '0 ? major_sign && minor_sign : negative ? minor_sign : major_sign;

  // leading zeros go as far as the exponent allows: below 1 the number is subnormal
  always_comb begin
    normal = magnitude[26:0];
    exponent = major_exponent[9:0];
    if (magnitude[27]) begin
      normal = {magnitude[27:2], magnitude[1] | magnitude[0]};
      exponent = exponent + 10'd1;
    end else begin
      if (normal[26:11] == '0 && exponent > 10'd16) begin
        normal = normal << 16;
        exponent = exponent - 10'd16;
      end
      if (normal[26:19] == '0 && exponent > 10'd8) begin
        normal = normal << 8;
        exponent = exponent - 10'd8;
      end
      if (normal[26:23] == '0 && exponent > 10'd4) begin
        normal = normal << 4;
        exponent = exponent - 10'd4;
      end
      if (normal[26:25] == '0 && exponent > 10'd2) begin
        normal = normal << 2;
        exponent = exponent - 10'd2;
      end
      if (!normal[26] && exponent > 10'd1) begin
        normal = normal << 1;
        exponent = exponent - 10'd1;
      end
    end
  end
  assign hidden = normal[26];
  assign up = normal[2] && (normal[3] || normal[1:0] != '0);
  assign rounded = {hidden ? exponent : 10'd0, normal[25:3]} + {32'd0, up};

  always_comb begin
    if (a_nan || b_nan || (a_infinite && b_infinite && a_sign != b[31])) sum = 32'h7fc00000;
    else if (a_infinite) sum = {a_sign, 31'h7f800000};
    else if (b_infinite) sum = b;
    else if (rounded >= 33'h07f800000) sum = {sign, 31'h7f800000};
    else sum = {sign, rounded[30:0]};
  end
endmodule

`default_nettype wire
