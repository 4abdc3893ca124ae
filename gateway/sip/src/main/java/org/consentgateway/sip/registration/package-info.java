/**
 * What goes on with servers beside calls: registering with providers (RFC 3261 §10), keeping
 * flows\n * open (RFC 5626) and asking how servers stand (RFC 3261 §11).
 */
@NullMarked
package org.consentgateway.sip.registration;

import org.jspecify.annotations.NullMarked;
