// A binding to the few EGL functions that a context without a display needs.
// It opens the library at run time and needs no EGL headers.
#ifndef SAWMILL_EGL_H
#define SAWMILL_EGL_H

#include <stdint.h>

// An EGL object: an address that belongs to the library.
typedef void* egl_handle;

// Opens the library; returns why not, or NULL. Everything else needs it.
const char* sawmill_egl_load(const char* file);
const char* sawmill_egl_string(egl_handle display, int32_t name);
unsigned int sawmill_egl_devices(int32_t max, egl_handle* devices, int32_t* count);
const char* sawmill_egl_device_string(egl_handle device, int32_t name);
egl_handle sawmill_egl_display(unsigned int platform, egl_handle native);
unsigned int sawmill_egl_initialize(egl_handle display);
void sawmill_egl_terminate(egl_handle display);
unsigned int sawmill_egl_config(egl_handle display, const int32_t* attributes, egl_handle* config);
egl_handle sawmill_egl_context(egl_handle display, egl_handle config, const int32_t* attributes);
unsigned int sawmill_egl_current(egl_handle display, egl_handle context);
void sawmill_egl_destroy(egl_handle display, egl_handle context);
int32_t sawmill_egl_error(void);
void* sawmill_egl_proc(const char* name);

#endif
