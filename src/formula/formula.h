#pragma once
// The room's face: text → tree → checked tree → program → value.
#include "formula/batch.h"
#include "formula/check.h"
#include "formula/fault.h"
#include "formula/function.h"
#include "formula/language.h"
#include "formula/names.h"
#include "formula/program.h"
#include "formula/run.h"
#include "formula/sample.h"
