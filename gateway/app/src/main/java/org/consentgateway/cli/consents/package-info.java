/** Commands for consents that were given elsewhere. */
@NullMarked
package org.consentgateway.cli.consents;

import org.jspecify.annotations.NullMarked;
