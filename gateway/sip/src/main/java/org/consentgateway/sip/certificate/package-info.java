/** Certificates and keys as files, and whom they let us believe over TLS. */
@NullMarked
package org.consentgateway.sip.certificate;

import org.jspecify.annotations.NullMarked;
