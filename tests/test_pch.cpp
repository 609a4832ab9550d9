// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
// Exists so that the precompiled header of all tests is built once.
