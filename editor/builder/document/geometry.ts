/** Points, sizes and rectangles on the drawing, in pixels at full size. */
export interface Point {
  readonly x: number
  readonly y: number
}

export interface Size {
  readonly width: number
  readonly height: number
}

/** `x` and `y` are its left and its top, unless it is said that they are its middle. */
export interface Box extends Point, Size {}
