/** Who is let in: the called line, and the limits by number, rate and load. */
@NullMarked
package org.consentgateway.admission;

import org.jspecify.annotations.NullMarked;
