#pragma once
#include <stddef.h>

// The files of Sources/BrowserClient/Assets, one behind the other, each ended by a zero byte, in the order of
// `BrowserFiles.names`.
const unsigned char *parley_browser_files(size_t *count);
