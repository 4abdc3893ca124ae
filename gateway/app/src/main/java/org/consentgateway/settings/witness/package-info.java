/** Who witnesses the log, and how many have to. */
@NullMarked
package org.consentgateway.settings.witness;

import org.jspecify.annotations.NullMarked;
