#include "core/pch.h"
