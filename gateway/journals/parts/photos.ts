// Photos: taken with the camera, made smaller on the device, and without what a camera writes into them.
const LONGEST = 1600;
const QUALITY = 0.85;

/** The picture as a JPEG whose longer side is 1,600 pixels at the most; as it is where the browser cannot read it. */
export async function smaller(file: File): Promise<{ name: string; content: Blob }> {
  try {
    const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
    const scale = Math.min(1, LONGEST / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.max(1, Math.round(picture.width * scale));
    canvas.height = Math.max(1, Math.round(picture.height * scale));
    canvas.getContext("2d")?.drawImage(picture, 0, 0, canvas.width, canvas.height);
    const made = await new Promise<Blob | null>((done) => canvas.toBlob(done, "image/jpeg", QUALITY));
    if (made) return { name: `${file.name.replace(/\.\w+$/, "") || "photo"}.jpg`, content: made };
  } catch {
    // Not a picture that this browser reads: the server judges it.
  }
  return { name: file.name, content: file };
}
