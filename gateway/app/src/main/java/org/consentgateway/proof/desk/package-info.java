/**
 * What people at the company do about callers' requests by other systems: the same store as on the
 * command line, in plain words and times, without types of the domain or of the log.
 */
@NullMarked
package org.consentgateway.proof.desk;

import org.jspecify.annotations.NullMarked;
