/** Who has looked at persons, as the log keeps it. */
@NullMarked
package org.consentgateway.proof.access;

import org.jspecify.annotations.NullMarked;
