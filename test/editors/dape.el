;;; Opens the classic's core dump in Emacs through dape, configured as docs/EDITORS.md says, and prints where its user
;;; would stand: "FRAME LINE in FILE:LINE", what an expression and a command of the REPL answer, and the caller.
;;; Not part of `npm test`: Debian 12 has neither Emacs 29, which dape needs, nor dape. With the folders of both:
;;;   PROJECT=$PWD DAPE=FOLDER emacs --batch --load test/editors/dape.el
(add-to-list 'load-path (getenv "DAPE"))
(require 'dape)
(setq dape-start-hook '(dape-repl)
      dape-display-source-buffer-action '(display-buffer-same-window))

(defun wait-for (happened)
  "Lets the session go on until HAPPENED, for some seconds."
  (let ((end (+ (float-time) 30)))
    (while (and (not (funcall happened)) (< (float-time) end))
      (accept-process-output nil 0.05))))

(defun frame ()
  "The frame that is selected, once the session stands."
  (when-let* ((connection (dape--live-connection 'stopped t)))
    (dape--current-stack-frame connection)))

(defun in-frame (name)
  "Waits for the frame of NAME to be the selected one, with its source shown."
  (wait-for (lambda () (and (equal name (plist-get (frame) :name))
                            (overlayp dape--stack-position-overlay)
                            (overlay-buffer dape--stack-position-overlay))))
  (plist-get (frame) :name))

(defun typed (line)
  "What the REPL answers to LINE."
  (with-current-buffer "*dape-repl*"
    (goto-char (point-max))
    (insert line)
    (let ((asked (point)))
      (comint-send-input)
      (cl-flet ((answer () (string-trim (buffer-substring-no-properties asked (point-max)) "[ \n>]+" "[ \n>]+")))
        (wait-for (lambda () (not (string-empty-p (answer)))))
        (answer)))))

(let* ((project (file-name-as-directory (getenv "PROJECT")))
       (classic (concat project "examples/rust-classic")))
  (find-file (concat classic "/src/main.rs"))
  (dape (list 'modes '(prog-mode) 'command "node" 'command-args ["--import" "tsx" "adapter/main.ts"]
              'command-cwd project
              :type "wasm-coredump" :request "launch"
              :coreFile (concat classic "/app.coredump")
              :program (concat classic "/target/wasm32-wasip1/debug/app.wasm")
              :sourceMap (list :/build classic)
              :startAtCrashFrame t))
  (princ (format "%s %s in %s:%s\n" (in-frame "app::calculate") (plist-get (frame) :line)
                 (file-relative-name (buffer-file-name (overlay-buffer dape--stack-position-overlay)) classic)
                 (with-current-buffer (overlay-buffer dape--stack-position-overlay)
                   (line-number-at-pos (overlay-start dape--stack-position-overlay)))))
  (princ (format "%s\n%s\n" (typed "value * 2") (typed "info args")))
  (dape-stack-select-up (dape--live-connection 'stopped) 1)
  (princ (format "%s\n" (in-frame "app::process_thing"))))
