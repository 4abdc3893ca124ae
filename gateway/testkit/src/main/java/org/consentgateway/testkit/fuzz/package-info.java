/** Octets of strangers at every place where some come in: what is tried, and what must hold. */
@NullMarked
package org.consentgateway.testkit.fuzz;

import org.jspecify.annotations.NullMarked;
