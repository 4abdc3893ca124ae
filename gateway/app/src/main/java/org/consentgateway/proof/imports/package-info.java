/** Consents that were given elsewhere: read, checked, taken over whole or not at all. */
@NullMarked
package org.consentgateway.proof.imports;

import org.jspecify.annotations.NullMarked;
