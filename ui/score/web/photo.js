// Makes a photo small enough for a weak network; drawing it anew also drops where it was taken.
(function (S) {
  "use strict";

  const LONG_SIDE = 1280;
  const QUALITY = 0.72;

  S.shrink = function (file) {
    return new Promise(function (resolve, reject) {
      const url = URL.createObjectURL(file);
      const picture = new Image();
      picture.onload = function () {
        const scale = Math.min(1, LONG_SIDE / Math.max(picture.naturalWidth, picture.naturalHeight));
        const canvas = document.createElement("canvas");
        canvas.width = Math.max(1, Math.round(picture.naturalWidth * scale));
        canvas.height = Math.max(1, Math.round(picture.naturalHeight * scale));
        const pen = canvas.getContext("2d");
        pen.fillStyle = "#fff";
        pen.fillRect(0, 0, canvas.width, canvas.height);
        pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
        URL.revokeObjectURL(url);
        resolve(canvas.toDataURL("image/jpeg", QUALITY));
      };
      picture.onerror = function () {
        URL.revokeObjectURL(url);
        reject(new Error("no picture"));
      };
      picture.src = url;
    });
  };
})(window.Score);
