/** Wires the parts into a running gateway, and closes what it opened; the only {@code main()}. */
@NullMarked
package org.consentgateway;

import org.jspecify.annotations.NullMarked;
