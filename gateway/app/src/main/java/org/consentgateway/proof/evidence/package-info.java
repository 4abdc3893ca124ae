/** What was decided in a call and what shows it, as an entry has it. */
@NullMarked
package org.consentgateway.proof.evidence;

import org.jspecify.annotations.NullMarked;
