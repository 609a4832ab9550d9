# SPDX-FileCopyrightText: the szilard authors
# SPDX-License-Identifier: Apache-2.0
szilard_add_baseline(one_term_int8 TOP one_term_int8 SOURCES one_term_int8.sv SIZES 8
                     TITLE "the example of a baseline of one's own: one term a clock")
