#pragma once
// insight/ — what one asks of figures once they are there: how two definitions meet, why a figure moved, what all of
// them mean.
//
//   reconcile.h     the bridge between two variants, item by item, adding up exactly
//   linear_form.h   a formula as a ratio of linear combinations: what a bridge walks along
//   why.h           a change split over the values of each dimension into rate and mix; drivers.h: over its drivers
//   propose.h       what the data propose for the lengths of time that a company declares
//   handbook.h      the catalogue as a document, in French or English
#include "kpi/ask.h"
