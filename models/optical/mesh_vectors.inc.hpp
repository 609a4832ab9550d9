// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
// Registers of fields for the kernels of one instruction set. Included inside an anonymous namespace.

#if defined(__AVX512F__)
constexpr size_t kVectorBytes = 64;
#elif defined(__AVX2__)
constexpr size_t kVectorBytes = 32;
#else
constexpr size_t kVectorBytes = 16;
#endif

template <typename T>
struct Vector {
  typedef T type __attribute__((vector_size(kVectorBytes)));
  typedef T in_memory __attribute__((vector_size(kVectorBytes), may_alias));
  static constexpr size_t kLanes = kVectorBytes / sizeof(T);
};

template <typename T>
struct Field {
  typename Vector<T>::type re, im;
};

template <typename T>
inline __attribute__((always_inline)) Field<T> load(const T* row) {
  using V = typename Vector<T>::in_memory;
  return {*reinterpret_cast<const V*>(row), *reinterpret_cast<const V*>(row + Vector<T>::kLanes)};
}
template <typename T>
inline __attribute__((always_inline)) void store(T* row, const Field<T>& field) {
  using V = typename Vector<T>::in_memory;
  *reinterpret_cast<V*>(row) = field.re;
  *reinterpret_cast<V*>(row + Vector<T>::kLanes) = field.im;
}
