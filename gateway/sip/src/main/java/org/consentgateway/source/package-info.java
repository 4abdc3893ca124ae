/** Who is counted as one, at every listener; knows nothing of what is spoken there. */
@NullMarked
package org.consentgateway.source;

import org.jspecify.annotations.NullMarked;
