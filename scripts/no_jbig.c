/* Stands in for libjbig in the wheel (scripts/wheel). Debian's libtiff wants that library to start,
 * whose licence is the GPL; no TIFF compressed with JBIG is read, by Pillow either, so nothing of it
 * is ever called. What libtiff has of its names is here, and says no. */

#define REFUSED 0x40

static const char kMessage[] = "JBIG is not part of this build";

void jbg_dec_init(void* state) { (void)state; }
int jbg_dec_in(void* state, unsigned char* data, unsigned long length, unsigned long* read) {
  (void)state, (void)data, (void)length, (void)read;
  return REFUSED;
}
unsigned char* jbg_dec_getimage(const void* state, int plane) {
  (void)state, (void)plane;
  return 0;
}
unsigned long jbg_dec_getsize(const void* state) {
  (void)state;
  return 0;
}
void jbg_dec_free(void* state) { (void)state; }
void jbg_enc_init(void) {}
void jbg_enc_out(void) {}
void jbg_enc_free(void) {}
int jbg_newlen(unsigned char* data, unsigned long length) {
  (void)data, (void)length;
  return REFUSED;
}
const char* jbg_strerror(int code) {
  (void)code;
  return kMessage;
}
