/** The call story, told once, on the call's own virtual thread. */
@NullMarked
package org.consentgateway.call;

import org.jspecify.annotations.NullMarked;
