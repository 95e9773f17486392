/* bcryptprimitives.dll for Wines that lack it: Go's runtime takes its random numbers from ProcessPrng. */
#include <windows.h>
#include <bcrypt.h>

__declspec(dllexport) BOOL WINAPI ProcessPrng(PBYTE data, SIZE_T size)
{
	while (size > 0) {
		ULONG piece = size > 0x10000000 ? 0x10000000 : (ULONG)size;
		if (BCryptGenRandom(NULL, data, piece, BCRYPT_USE_SYSTEM_PREFERRED_RNG) < 0)
			return FALSE;
		data += piece;
		size -= piece;
	}
	return TRUE;
}
