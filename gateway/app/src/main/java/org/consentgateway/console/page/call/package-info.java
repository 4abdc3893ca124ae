/** Pages of the console about calls: all of them, and one of them as a whole. */
@NullMarked
package org.consentgateway.console.page.call;

import org.jspecify.annotations.NullMarked;
