#include "egl_linux.h"

#include <dlfcn.h>
#include <stddef.h>

typedef unsigned int (*query_devices_fn)(int32_t, egl_handle*, int32_t*);
typedef const char* (*query_device_string_fn)(egl_handle, int32_t);
typedef egl_handle (*get_platform_display_fn)(unsigned int, egl_handle, const int32_t*);
typedef unsigned int (*initialize_fn)(egl_handle, int32_t*, int32_t*);
typedef unsigned int (*terminate_fn)(egl_handle);
typedef const char* (*query_string_fn)(egl_handle, int32_t);
typedef unsigned int (*bind_api_fn)(unsigned int);
typedef unsigned int (*choose_config_fn)(egl_handle, const int32_t*, egl_handle*, int32_t, int32_t*);
typedef egl_handle (*create_context_fn)(egl_handle, egl_handle, egl_handle, const int32_t*);
typedef unsigned int (*destroy_context_fn)(egl_handle, egl_handle);
typedef unsigned int (*make_current_fn)(egl_handle, egl_handle, egl_handle, egl_handle);
typedef int32_t (*get_error_fn)(void);
typedef unsigned int (*release_thread_fn)(void);
typedef void* (*get_proc_address_fn)(const char*);

// The EGL functions in use; the last ones are extensions and may be missing.
static struct {
	query_string_fn query_string;
	initialize_fn initialize;
	terminate_fn terminate;
	bind_api_fn bind_api;
	choose_config_fn choose_config;
	create_context_fn create_context;
	destroy_context_fn destroy_context;
	make_current_fn make_current;
	get_error_fn get_error;
	release_thread_fn release_thread;
	get_proc_address_fn get_proc_address;
	get_platform_display_fn get_platform_display;
	query_devices_fn query_devices;
	query_device_string_fn query_device_string;
} egl;

// sawmill_egl_load opens the library; it returns why not, or NULL.
const char* sawmill_egl_load(const char* file) {
	void* library = dlopen(file, RTLD_NOW | RTLD_GLOBAL);
	if (library == NULL) return dlerror();
#define NEED(field, type, name) \
	if ((egl.field = (type)dlsym(library, name)) == NULL) return name " is missing from it";
	NEED(query_string, query_string_fn, "eglQueryString")
	NEED(initialize, initialize_fn, "eglInitialize")
	NEED(terminate, terminate_fn, "eglTerminate")
	NEED(bind_api, bind_api_fn, "eglBindAPI")
	NEED(choose_config, choose_config_fn, "eglChooseConfig")
	NEED(create_context, create_context_fn, "eglCreateContext")
	NEED(destroy_context, destroy_context_fn, "eglDestroyContext")
	NEED(make_current, make_current_fn, "eglMakeCurrent")
	NEED(get_error, get_error_fn, "eglGetError")
	NEED(release_thread, release_thread_fn, "eglReleaseThread")
	NEED(get_proc_address, get_proc_address_fn, "eglGetProcAddress")
#undef NEED
	egl.get_platform_display = (get_platform_display_fn)egl.get_proc_address("eglGetPlatformDisplayEXT");
	egl.query_devices = (query_devices_fn)egl.get_proc_address("eglQueryDevicesEXT");
	egl.query_device_string = (query_device_string_fn)egl.get_proc_address("eglQueryDeviceStringEXT");
	return NULL;
}

const char* sawmill_egl_string(egl_handle display, int32_t name) { return egl.query_string(display, name); }

unsigned int sawmill_egl_devices(int32_t max, egl_handle* devices, int32_t* count) {
	return egl.query_devices == NULL ? 0 : egl.query_devices(max, devices, count);
}

const char* sawmill_egl_device_string(egl_handle device, int32_t name) {
	return egl.query_device_string == NULL ? NULL : egl.query_device_string(device, name);
}

egl_handle sawmill_egl_display(unsigned int platform, egl_handle native) {
	return egl.get_platform_display == NULL ? NULL : egl.get_platform_display(platform, native, NULL);
}

unsigned int sawmill_egl_initialize(egl_handle display) {
	int32_t major = 0, minor = 0;
	return egl.initialize(display, &major, &minor);
}

void sawmill_egl_terminate(egl_handle display) { egl.terminate(display); }

unsigned int sawmill_egl_config(egl_handle display, const int32_t* attributes, egl_handle* config) {
	int32_t count = 0;
	return egl.choose_config(display, attributes, config, 1, &count) && count > 0;
}

egl_handle sawmill_egl_context(egl_handle display, egl_handle config, const int32_t* attributes) {
	if (!egl.bind_api(0x30A2)) return NULL; // EGL_OPENGL_API, per thread
	return egl.create_context(display, config, NULL, attributes);
}

unsigned int sawmill_egl_current(egl_handle display, egl_handle context) {
	return egl.bind_api(0x30A2) && egl.make_current(display, NULL, NULL, context);
}

void sawmill_egl_destroy(egl_handle display, egl_handle context) {
	egl.make_current(display, NULL, NULL, NULL);
	egl.destroy_context(display, context);
	egl.release_thread();
}

int32_t sawmill_egl_error(void) { return egl.get_error(); }

void* sawmill_egl_proc(const char* name) {
	void* address = egl.get_proc_address(name);
	// Before EGL 1.5 a library need not hand out core functions.
	return address != NULL ? address : dlsym(RTLD_DEFAULT, name);
}
