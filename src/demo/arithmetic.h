#pragma once

namespace vigie::demo {

/// The few functions the generator needs, from additions, products and quotients alone: a C library's log or exp may
/// differ in the last bit from one processor to the next, and one bit is enough to make two demo companies of one seed.
/// Accurate to about 1e-14; the room is compiled without fused multiply-add for the same reason.
namespace portable {

double log(double x);                        ///< x > 0
double exp(double x);                        ///< |x| < 700
double power(double base, double exponent);  ///< base > 0
double cosine(double turns);                 ///< of a part of a full turn: cosine(0.25) is 0
double sine(double turns);
double logistic(double x);  ///< 1 / (1 + e^-x)

}  // namespace portable
}  // namespace vigie::demo
